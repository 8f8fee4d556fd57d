"""The end of the full report: a row for each driver, and one line that sums up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flyte_compiler.cli.rows import TaskRow
from flyte_compiler.diagnostics.display import display_width, visible
from flyte_compiler.diagnostics.model import Diagnostic, Severity

_TITLES = ("task", "status", "actions", "depth", "width", "line")
_LEFT = 2
"""Columns of words, aligned left; numbers are aligned right."""


def table(rows: Sequence[TaskRow]) -> Iterator[str]:
    """Plain aligned text, grouped by file where there are several; nothing without a driver."""
    drivers = [row for row in rows if row.is_driver]
    if not drivers:
        return
    files = list(dict.fromkeys(row.file for row in drivers))
    cells = [_cells(row) for row in drivers]
    widths = _widths([_TITLES, *cells])
    yield _aligned(_TITLES, widths)
    for file in files:
        if len(files) > 1:
            yield visible(str(file))
        here = [each for row, each in zip(drivers, cells, strict=True) if row.file == file]
        yield from (_aligned(each, widths) for each in here)


def summary(rows: Sequence[TaskRow], diagnostics: Sequence[Diagnostic]) -> str:
    """`N tasks, N drivers (N compiled), N errors, N warnings`."""
    drivers = [row for row in rows if row.is_driver]
    tasks = sum(row.is_task for row in rows)
    compiled = sum(row.is_compiled for row in drivers)
    errors, warnings = (
        sum(each.severity is severity for each in diagnostics)
        for severity in (Severity.ERROR, Severity.WARNING)
    )
    return (
        f"{tasks} tasks, {len(drivers)} drivers ({compiled} compiled), "
        f"{errors} errors, {warnings} warnings"
    )


def _cells(row: TaskRow) -> tuple[str, ...]:
    status = "compiled" if row.is_compiled else f"dynamic ({row.dynamic_count})"
    numbers = (row.actions, row.depth, row.width, row.line)
    return (visible(row.name), status, *map(str, numbers))


def _widths(lines: Sequence[tuple[str, ...]]) -> tuple[int, ...]:
    return tuple(max(map(display_width, column)) for column in zip(*lines, strict=True))


def _aligned(cells: tuple[str, ...], widths: tuple[int, ...]) -> str:
    padded = []
    for place, (cell, width) in enumerate(zip(cells, widths, strict=True)):
        room = " " * (width - display_width(cell))
        padded.append(cell + room if place < _LEFT else room + cell)
    return "  ".join(padded).rstrip()
