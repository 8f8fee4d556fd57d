"""`--task NAME`: a report about some tasks only."""

from __future__ import annotations

from collections.abc import Sequence

import click

from flyte_compiler.cli.outcome import Outcome
from flyte_compiler.cli.rows import TaskRow
from flyte_compiler.diagnostics.model import Diagnostic
from flyte_compiler.diagnostics.near import nearest


def only_wanted(names: Sequence[str], outcome: Outcome) -> Outcome:
    """The rows of the named tasks, and what is said about their own text or about files that
    have none.

    Raises:
        click.UsageError: no task has the name, or several have.
    """
    known = [row for row in outcome.rows if row.is_task]
    wanted = tuple(_named(name, known) for name in dict.fromkeys(names))
    files = {row.file for row in outcome.rows}
    diagnostics = tuple(
        each
        for each in outcome.diagnostics
        if each.primary.span.path not in files or any(_is_about(each, row) for row in wanted)
    )
    return Outcome(rows=wanted, diagnostics=diagnostics)


def _is_about(diagnostic: Diagnostic, row: TaskRow) -> bool:
    place, task = diagnostic.primary.span, row.span
    return place.path == task.path and task.start <= place.start < task.end


def _named(name: str, rows: Sequence[TaskRow]) -> TaskRow:
    found = [row for row in rows if name in (row.name, row.function)]
    if len(found) == 1:
        return found[0]
    hint = "--task"
    if found:
        choices = ", ".join(f"`{row.name}` ({row.file}:{row.line})" for row in found)
        raise click.BadParameter(f"`{name}` may be {choices}", param_hint=hint)
    names = [word for row in rows for word in (row.name, row.function)]
    near = nearest(name, names)
    cure = f"; did you mean `{near}`?" if near else ""
    raise click.BadParameter(f"no task is called `{name}`{cure}", param_hint=hint)
