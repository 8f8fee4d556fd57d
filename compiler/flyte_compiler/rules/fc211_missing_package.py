"""FC211: a task's container imports a package that its environment's image doesn't install."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from flyte_compiler.callgraph.model import Definition, Environment, LibraryCall
from flyte_compiler.dataflow.distributions import providers
from flyte_compiler.dataflow.images import Image, expression_at, image_of
from flyte_compiler.dataflow.imported import Imported, imported_by
from flyte_compiler.diagnostics.model import Diagnostic, Label, Rule, Severity
from flyte_compiler.rules.facts import Facts
from flyte_compiler.source.span import Span

RULE = Rule("FC211", "missing-package", Severity.WARNING)

_CLONE = "TaskEnvironment.clone_with"
_MAKERS = ("TaskEnvironment", _CLONE)


def check(facts: Facts) -> Iterator[Diagnostic]:
    """One an image and a package: at the import that fails first."""
    makers = {each.span: each for each in facts.call_graph.library_calls if each.name in _MAKERS}
    installed: dict[Span, tuple[Image, frozenset[str]] | None] = {}
    reported: set[tuple[Span, str]] = set()
    for task in facts.call_graph.definitions:
        if not task.is_task or task.environment is None:
            continue
        environment = task.environment
        place = environment.definition.span
        if place not in installed:
            installed[place] = _installed(facts, environment, makers)
        known = installed[place]
        if known is None:
            continue
        image, there = known
        for found in imported_by(facts.trees, task):
            missing = _missing(found, there)
            if missing and (image.span, missing) not in reported:
                reported.add((image.span, missing))
                yield _diagnostic(task, environment, image, found, missing)


def _missing(found: Imported, there: frozenset[str]) -> str:
    """The package that would have to be installed; empty where one is, or nobody knows."""
    top = found.name.partition(".")[0]
    if top in sys.stdlib_module_names or top == "flyte":
        return ""
    known = providers(found.name)
    return "" if not known or known & there else min(known, key=lambda name: (len(name), name))


def _installed(
    facts: Facts, environment: Environment, makers: dict[Span, LibraryCall]
) -> tuple[Image, frozenset[str]] | None:
    image = _image(facts, environment, makers)
    there = None if image is None else image.installed()
    return None if image is None or there is None else (image, there)


def _image(facts: Facts, environment: Environment, makers: dict[Span, LibraryCall]) -> Image | None:
    """What an environment is given, or the one that it was cloned from."""
    for _ in range(len(makers)):
        call = makers.get(environment.definition.span)
        module = facts.trees.of(environment.module)
        if call is None or module is None or _is_unclear(call) or ".image = " in module.source.text:
            return None
        given = next((each for each in call.arguments if each.keyword == "image"), None)
        if given is not None:
            written = expression_at(module, given.span)
            return None if written is None else image_of(facts.trees, module, written)
        if call.name != _CLONE or not isinstance(call.owner, Environment):
            return None
        environment = call.owner
    return None


def _is_unclear(call: LibraryCall) -> bool:
    positional = [each for each in call.arguments if each.keyword is None]
    return call.caller is not None or any(each.star for each in positional) or len(positional) > 2


def _diagnostic(
    task: Definition, environment: Environment, image: Image, found: Imported, missing: str
) -> Diagnostic:
    top = found.name if "." in found.name and missing.count("-") else found.name.partition(".")[0]
    return Diagnostic(
        rule=RULE,
        severity=RULE.severity,
        message=f"`{top}` is imported, but the image of environment "
        f"`{environment.name or environment.definition.variable}` doesn't install `{missing}`",
        primary=Label(found.span, f"imported when `{task.function.short_name}` runs"),
        labels=(Label(image.span, f"installs no `{missing}`"),),
        notes=("a container has what its image installs, not what is installed here",),
        helps=(f'add `"{missing}"` to the packages of the image',),
    )
