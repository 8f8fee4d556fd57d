"""FC210: tasks are awaited one after the other, and none needs what another one gives."""

from __future__ import annotations

from collections.abc import Iterator

from flyte_compiler.dataflow.waiting import Row, rows
from flyte_compiler.diagnostics.model import Diagnostic, Label, Rule, Severity
from flyte_compiler.rules.facts import Facts
from flyte_compiler.rules.gathering import gathered
from flyte_compiler.rules.listing import quoted
from flyte_compiler.source.span import Span

RULE = Rule("FC210", "sequential-independent-calls", Severity.NOTE)


def check(facts: Facts) -> Iterator[Diagnostic]:
    """One a row of awaits, however many."""
    seen: set[Span] = set()
    for row in rows(facts.trees):
        diagnostic = _diagnostic(row)
        if diagnostic.primary.span not in seen:
            seen.add(diagnostic.primary.span)
            yield diagnostic


def _diagnostic(row: Row) -> Diagnostic:
    first, *others = row.waits
    names = list(dict.fromkeys(each.site.callee.function.short_name for each in row.waits))
    who = quoted(names) if len(names) > 1 else f"{len(row.waits)} calls of `{names[0]}`"
    fix = gathered(row)
    return Diagnostic(
        rule=RULE,
        severity=RULE.severity,
        message=f"{who} run one after the other, and need nothing of each other",
        primary=Label(others[0].site.span, "waits for the call before, and uses nothing of it"),
        labels=(Label(first.site.span, "runs alone"),),
        helps=("await them together: `asyncio.gather(...)`",),
        fix=fix,
    )
