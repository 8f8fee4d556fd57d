"""One check from options to exit code: compile, report, draw, write.

Only the report is on standard output; what was written, and what could not be, on standard error.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import click

from flyte_compiler.cli.files import python_files
from flyte_compiler.cli.options import Options
from flyte_compiler.cli.picture import draw_picture, refuse_unknown_form
from flyte_compiler.cli.plans import write_plans
from flyte_compiler.cli.print import print_phase
from flyte_compiler.cli.rows import TaskRow, task_document, task_rows
from flyte_compiler.cli.table import summary, table
from flyte_compiler.cli.wanted import only_wanted
from flyte_compiler.diagnostics.model import Severity
from flyte_compiler.diagnostics.paint import Paint, coloured, plain
from flyte_compiler.diagnostics.render_concise import render_concise
from flyte_compiler.diagnostics.render_full import render_full
from flyte_compiler.diagnostics.render_json import render_json
from flyte_compiler.diagnostics.reporter import warnings_as_errors
from flyte_compiler.diagnostics.select import shown_to_people
from flyte_compiler.phase import Phase
from flyte_compiler.pipeline import Compilation, compile_paths


def run_check(options: Options) -> int:
    """The exit code: 1 where an error was reported, or something asked for was not written."""
    if options.picture is not None:
        refuse_unknown_form(options.picture)
    files = python_files(options.paths)
    compilation = compile_paths(files, selection=options.selection, until=options.last_phase)
    if options.warnings_as_errors:
        raised = warnings_as_errors(compilation.diagnostics)
        compilation = replace(compilation, diagnostics=raised)
    rows = task_rows(compilation.programs)
    if options.tasks:
        compilation, rows = only_wanted(options.tasks, compilation, rows)
    _report(options, compilation, rows)
    is_empty = not any(row.is_task for row in rows)
    if is_empty and _reaches_tasks(options) and not _has_errors(compilation):
        click.echo("note: no task found", err=True)
    outcomes = (
        not _has_errors(compilation),
        options.picture is None or draw_picture(options.picture, rows),
        options.output is None or write_plans(options.output, compilation, rows),
    )
    return 0 if all(outcomes) else 1


def _has_errors(compilation: Compilation) -> bool:
    return any(each.severity is Severity.ERROR for each in compilation.diagnostics)


def _reaches_tasks(options: Options) -> bool:
    return options.last_phase.includes(Phase.CALL_GRAPH)


def _report(options: Options, compilation: Compilation, rows: Sequence[TaskRow]) -> None:
    if options.shown_phase is not None:
        for text in print_phase(options.shown_phase, compilation, rows):
            click.echo(text, nl=False)
        _echo_lines(_full(options, compilation, _paint_for(sys.stderr)), err=True)
        return
    _FORMATS[options.format](options, compilation, rows)


def _report_full(options: Options, compilation: Compilation, rows: Sequence[TaskRow]) -> None:
    _echo_lines(_full(options, compilation, _paint_for(sys.stdout)))
    reaches_graphs = options.last_phase.includes(Phase.GRAPH)
    rows_shown = list(table(rows)) if reaches_graphs else []
    if rows_shown:
        _echo_lines([*rows_shown, ""])
    click.echo(summary(rows, compilation.diagnostics))
    if not options.notes and any(row.is_driver and row.dynamic_count for row in rows):
        click.echo("note: --notes says why drivers stay dynamic", err=True)


def _report_concise(options: Options, compilation: Compilation, rows: Sequence[TaskRow]) -> None:
    del rows
    shown = shown_to_people(compilation.diagnostics, options.selection, with_notes=options.notes)
    _echo_lines(map(render_concise, shown))


def _report_json(options: Options, compilation: Compilation, rows: Sequence[TaskRow]) -> None:
    del options
    tasks = [task_document(row) for row in rows]
    click.echo(render_json(compilation.diagnostics, tasks=tasks), nl=False)


_FORMATS: dict[str, Callable[[Options, Compilation, Sequence[TaskRow]], None]] = {
    "full": _report_full,
    "concise": _report_concise,
    "json": _report_json,
}


def _full(options: Options, compilation: Compilation, paint: Paint) -> Iterator[str]:
    shown = shown_to_people(compilation.diagnostics, options.selection, with_notes=options.notes)
    for diagnostic in shown:
        yield render_full(diagnostic, compilation.sources, paint=paint)
        yield ""


def _echo_lines(lines: Iterator[str] | Sequence[str], *, err: bool = False) -> None:
    for line in lines:
        click.echo(line, err=err)


def _paint_for(stream: object) -> Paint:
    """Colour on a terminal, unless `NO_COLOR` says otherwise."""
    is_terminal = getattr(stream, "isatty", bool)()
    return coloured if is_terminal and not os.environ.get("NO_COLOR") else plain
