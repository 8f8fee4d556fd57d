"""FC203: a task's coroutine that nobody awaits: the task never runs."""

from __future__ import annotations

from collections.abc import Iterator

from flyte_compiler.callgraph.model import CallSite, Use
from flyte_compiler.diagnostics.model import Diagnostic, Fix, Label, Rule, Severity
from flyte_compiler.rules.awaiting import awaited, written
from flyte_compiler.rules.facts import Facts

RULE = Rule("FC203", "unawaited-task", Severity.ERROR)


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
            yield _unawaited(site, facts)


def _unawaited(site: CallSite, facts: Facts) -> Diagnostic:
    name = site.callee.function.short_name
    cure = f"await {written(site, facts)}"
    if site.use is Use.TASK_ARGUMENT:
        label = "a coroutine is handed on, not a result"
    elif site.kept_as is None:
        label = "a coroutine, dropped here"
    else:
        label = f"a coroutine, kept in `{site.kept_as}` and never awaited"
        cure = f"{site.kept_as} = {cure}"
    edits = awaited(site, facts)
    return Diagnostic(
        rule=RULE,
        severity=RULE.severity,
        message=f"`{name}` is called but never awaited, so it never runs",
        primary=Label(site.span, label),
        helps=(f"write `{cure}`",),
        fix=Fix(title=f"write `{cure}`", edits=edits, safe=True) if edits else None,
    )
