"""FC002: a first-party module, or a name in one, is imported and isn't there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from flyte_compiler.diagnostics.model import Diagnostic, Label, Rule, Severity
from flyte_compiler.diagnostics.near import nearest
from flyte_compiler.rules.facts import Facts
from flyte_compiler.syntax.model import Import, ModuleIndex

RULE = Rule("FC002", "unresolved-import", Severity.WARNING)

_CHANGES_ITSELF = re.compile(r"__path__|sys\.modules|setattr|__dict__")


def check(facts: Facts) -> Iterator[Diagnostic]:
    """One an imported name; a name that is called and missing is FC201's."""
    modules = facts.call_graph.modules
    called = {
        (each.caller.module, each.name.partition(".")[0]) for each in facts.call_graph.unresolved
    }
    for name, index in modules.items():
        for found in index.imports:
            if not found.is_guarded and (name, found.local) not in called:
                yield from _about(found, index, modules)


def _about(
    found: Import, index: ModuleIndex, modules: Mapping[str, ModuleIndex]
) -> Iterator[Diagnostic]:
    missing = _missing_module(found, index)
    if missing is not None:
        yield _no_module(found, missing, modules)
    elif found.attribute is not None and _lacks(found, index, modules):
        yield _no_name(found, found.attribute, modules[found.loads])


def _missing_module(found: Import, index: ModuleIndex) -> str | None:
    """The outermost one that isn't there."""
    parts = found.loads.split(".")
    names = (".".join(parts[: n + 1]) for n in range(len(parts)))
    return next((name for name in names if name in index.absent), None)


def _lacks(found: Import, index: ModuleIndex, modules: Mapping[str, ModuleIndex]) -> bool:
    """Whether a module has neither such a name nor such a module in it."""
    name, module = found.attribute or "*", modules.get(found.loads)
    if module is None or module is index or name == "*" or name.startswith("__"):
        return False
    is_open = module.is_open or _CHANGES_ITSELF.search(module.source.text) is not None
    is_there = name in module.bindings or f"{found.loads}.{name}" not in index.absent
    return not (is_open or is_there)


def _no_module(found: Import, missing: str, modules: Mapping[str, ModuleIndex]) -> Diagnostic:
    near = nearest(missing, modules)
    return Diagnostic(
        rule=RULE,
        severity=RULE.severity,
        message=f"there is no module `{missing}`",
        primary=Label(found.span, "imported here"),
        helps=(f"did you mean `{near}`?",) if near else (),
    )


def _no_name(found: Import, name: str, module: ModuleIndex) -> Diagnostic:
    near = nearest(name, module.bindings)
    return Diagnostic(
        rule=RULE,
        severity=RULE.severity,
        message=f"`{found.loads}` has no name `{name}`",
        primary=Label(found.span, "imported here"),
        helps=(f"did you mean `{near}`?",) if near else (),
    )
