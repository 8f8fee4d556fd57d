"""FC203: a task's coroutine that nobody awaits: the task never runs."""

from __future__ import annotations

from collections.abc import Iterator

from flyte_compiler.callgraph.model import CallSite, Use
from flyte_compiler.diagnostics.model import Diagnostic, Label, Rule, Severity
from flyte_compiler.rules.facts import Facts

RULE = Rule("FC203", "unawaited-task", Severity.ERROR)

_SHORT = 60


def is_unawaited(site: CallSite) -> bool:
    """Whether the coroutine provably goes nowhere: dropped, kept in a name that nobody awaits, or
    handed to a task, which takes values."""
    if not site.gives_coroutine:
        return False
    goes_nowhere = site.use in (Use.DISCARDED, Use.TASK_ARGUMENT)
    return goes_nowhere or (site.use is Use.KEPT and not site.escapes)


def check(facts: Facts) -> Iterator[Diagnostic]:
    """One a call."""
    for site in facts.task_sites():
        if is_unawaited(site):
            yield _unawaited(site, _written(site, facts))


def _unawaited(site: CallSite, written: str) -> Diagnostic:
    name = site.callee.function.short_name
    if site.use is Use.TASK_ARGUMENT:
        label, cure = "a coroutine is handed on, not a result", f"await {written}"
    elif site.kept_as is None:
        label, cure = "a coroutine, dropped here", f"await {written}"
    else:
        label = f"a coroutine, kept in `{site.kept_as}` and never awaited"
        cure = f"{site.kept_as} = await {written}"
    return Diagnostic(
        rule=RULE,
        severity=RULE.severity,
        message=f"`{name}` is called but never awaited, so it never runs",
        primary=Label(site.span, label),
        helps=(f"write `{cure}`",),
    )


def _written(site: CallSite, facts: Facts) -> str:
    """The call as it stands, where it is short."""
    text = facts.call_graph.modules[site.module].source.slice(site.span)
    if len(text) <= _SHORT and "\n" not in text:
        return text
    return f"{site.callee.function.short_name}(...)"
