"""FC402: what a task does depends on a module variable that tasks change."""

from __future__ import annotations

from collections.abc import Iterator

from flyte_compiler.dataflow.module_state import State, Touch, states
from flyte_compiler.diagnostics.model import Diagnostic, Label, Rule, Severity
from flyte_compiler.rules.facts import Facts

RULE = Rule("FC402", "mutable-global", Severity.WARNING)


def check(facts: Facts) -> Iterator[Diagnostic]:
    """One a variable: at the first change."""
    for state in states(facts.trees):
        yield _diagnostic(state)


def _diagnostic(state: State) -> Diagnostic:
    change, read = state.change, state.read
    name = change.variable.rpartition(".")[2]
    is_own = change.task.key == read.task.key
    by = "an earlier call" if is_own else f"the task `{change.task.function.short_name}`"
    return Diagnostic(
        rule=RULE,
        severity=RULE.severity,
        message=f"the task `{read.task.function.short_name}` depends on what {by} did to the "
        f"global `{name}`",
        primary=Label(change.span, f"changed here{_inside(change)}"),
        labels=(Label(read.span, f"read here{_inside(read)}"),),
        notes=("a call may run in a process of its own, where the change was never made",),
        helps=(f"return what `{name}` holds, and hand it on as an argument",),
    )


def _inside(touch: Touch) -> str:
    own = touch.task.function.short_name
    return "" if touch.function == own else f", by the task `{own}`"
