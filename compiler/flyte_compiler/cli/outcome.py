"""What a report is made from, whether it was compiled now or kept from an earlier run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flyte_compiler.cli.rows import TaskRow
from flyte_compiler.diagnostics.model import Diagnostic


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What was found in some files."""

    rows: tuple[TaskRow, ...]
    """By file and line."""
    diagnostics: tuple[Diagnostic, ...]
    """Sorted; of every rule, but for what comments silence."""


def merged(outcomes: Iterable[Outcome]) -> Outcome:
    """One outcome of several that have no file in common."""
    outcomes = tuple(outcomes)
    rows = (row for each in outcomes for row in each.rows)
    diagnostics = (found for each in outcomes for found in each.diagnostics)
    return Outcome(
        rows=tuple(sorted(rows, key=lambda row: row.span)),
        diagnostics=tuple(sorted(diagnostics, key=lambda found: found.sort_key)),
    )
