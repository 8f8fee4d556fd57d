"""FC203: a task's coroutine that nobody awaits: the task never runs."""

from __future__ import annotations

from collections.abc import Iterator

from flyte_compiler.callgraph.model import CallSite, Use
from flyte_compiler.diagnostics.model import Diagnostic, Label, Rule, Severity
from flyte_compiler.rules.facts import Facts

RULE = Rule("FC203", "unawaited-task", Severity.ERROR)


def is_unawaited(site: CallSite) -> bool:
    """Whether the coroutine provably goes nowhere: dropped, or kept in a name nobody reads."""
    if not site.gives_coroutine:
        return False
    return site.use is Use.DISCARDED or (site.use is Use.KEPT and not site.escapes)


def check(facts: Facts) -> Iterator[Diagnostic]:
    """One a call."""
    for site in facts.task_sites():
        if not is_unawaited(site):
            continue
        if site.kept_as is None:
            yield _unawaited(site, "its coroutine is dropped here", f"await {_written(site)}")
        else:
            text = f"a coroutine: nothing that `{site.kept_as}` is used for runs it"
            yield _unawaited(site, text, f"{site.kept_as} = await {_written(site)}")


def _written(site: CallSite) -> str:
    dots = "..." if site.arguments else ""
    return f"{site.callee.function.short_name}({dots})"


def _unawaited(site: CallSite, label: str, cure: str) -> Diagnostic:
    name = site.callee.function.short_name
    return Diagnostic(
        rule=RULE,
        severity=RULE.severity,
        message=f"`{name}` is called but never awaited, so it never runs",
        primary=Label(site.span, label),
        helps=(f"write `{cure}`",),
    )
