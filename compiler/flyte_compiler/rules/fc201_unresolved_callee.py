"""FC201: a driver or trace calls a name that nothing defines."""

from __future__ import annotations

from collections.abc import Iterator

from flyte_compiler.callgraph.model import UnresolvedCall
from flyte_compiler.diagnostics.model import Diagnostic, Label, Rule, Severity
from flyte_compiler.diagnostics.near import nearest
from flyte_compiler.rules.facts import Facts

RULE = Rule("FC201", "unresolved-callee", Severity.ERROR)


def check(facts: Facts) -> Iterator[Diagnostic]:
    """One a call; silent in a module that may hold names which can't be seen."""
    modules = facts.call_graph.modules
    for call in facts.call_graph.unresolved:
        if not modules[call.caller.module].is_open:
            yield _unresolved(call)


def _label(name: str) -> str:
    owner, dot, last = name.rpartition(".")
    return f"`{owner}` has no `{last}`" if dot else "nothing in scope has this name"


def _unresolved(call: UnresolvedCall) -> Diagnostic:
    near = nearest(call.name, call.candidates)
    return Diagnostic(
        rule=RULE,
        severity=RULE.severity,
        message=f"`{call.caller.name}` calls `{call.name}`, which is not defined",
        primary=Label(call.span, _label(call.name)),
        helps=(f"did you mean `{near}`?",) if near else (),
    )
