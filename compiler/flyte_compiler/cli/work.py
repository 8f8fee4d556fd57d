"""One check from options to exit code: compile or remember, report, draw, write.

Only the report is on standard output; what was written, and what could not be, on standard error.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click

from flyte_compiler.cli.files import python_files
from flyte_compiler.cli.findings import Findings, find
from flyte_compiler.cli.options import Options
from flyte_compiler.cli.outcome import Outcome
from flyte_compiler.cli.rows import task_document
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
from flyte_compiler.source.text import SourceFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What came of one check."""

    exit_code: int
    """1 where an error was reported, or something asked for was not written."""
    inputs: Mapping[Path, str]
    """Fingerprints of every place that the report depends on."""


def run_check(options: Options) -> Checked:
    """Check once.

    Raises:
        click.UsageError: something is asked for that isn't there.
    """
    asked = options.request
    if asked.picture is not None:
        from flyte_compiler.cli.picture import refuse_unknown_form  # noqa: PLC0415 - loads graphs

        refuse_unknown_form(asked.picture)
    findings = find(files_of(options), options)
    outcome = _as_asked(findings.outcome, options)
    _report(options, findings, outcome)
    is_empty = not any(row.is_task for row in outcome.rows)
    if is_empty and _reaches_tasks(options) and not _has_errors(outcome):
        click.echo("note: no task found", err=True)
    is_written = _write(options, findings, outcome)
    is_fine = is_written and not _has_errors(outcome)
    return Checked(exit_code=0 if is_fine else 1, inputs=findings.inputs)


def files_of(options: Options) -> tuple[Path, ...]:
    """The files that are meant, as of now."""
    paths = options.request.paths
    return python_files(paths, exclude=options.exclude, folder=options.excluding_folder)


def _as_asked(outcome: Outcome, options: Options) -> Outcome:
    """What the options leave of an outcome."""
    wants = options.selection.wants
    diagnostics = tuple(each for each in outcome.diagnostics if wants(each.rule))
    if options.warnings_as_errors:
        diagnostics = warnings_as_errors(diagnostics)
    chosen = Outcome(rows=outcome.rows, diagnostics=diagnostics)
    tasks = options.request.tasks
    return only_wanted(tasks, chosen) if tasks else chosen


def _write(options: Options, findings: Findings, outcome: Outcome) -> bool:
    """Draw and write what is asked for; whether all of it is there now."""
    asked, compilation = options.request, findings.compilation
    if compilation is None:
        return True
    from flyte_compiler.cli.picture import draw_picture  # noqa: PLC0415 - loads every phase
    from flyte_compiler.cli.plans import write_plans  # noqa: PLC0415
    from flyte_compiler.cli.survey import graphs_of  # noqa: PLC0415

    compilation = replace(compilation, diagnostics=outcome.diagnostics)
    graphs = graphs_of(outcome.rows, compilation.programs)
    written = (
        asked.picture is None or draw_picture(asked.picture, graphs, compilation),
        asked.output is None or write_plans(asked.output, compilation, outcome.rows),
    )
    return all(written)


def _has_errors(outcome: Outcome) -> bool:
    return any(each.severity is Severity.ERROR for each in outcome.diagnostics)


def _reaches_tasks(options: Options) -> bool:
    return options.request.last_phase.includes(Phase.CALL_GRAPH)


def _report(options: Options, findings: Findings, outcome: Outcome) -> None:
    phase = options.request.shown_phase
    if phase is None or findings.compilation is None:
        _FORMATS[options.format](options, findings.texts, outcome)
        return
    from flyte_compiler.cli.print import print_phase  # noqa: PLC0415 - loads every phase

    compilation = replace(findings.compilation, diagnostics=outcome.diagnostics)
    for text in print_phase(phase, compilation, outcome.rows):
        click.echo(text, nl=False)
    _echo_lines(_full(options, findings.texts, outcome, paint_for(sys.stderr)), err=True)


Texts = Mapping[Path, SourceFile]


def _report_full(options: Options, texts: Texts, outcome: Outcome) -> None:
    _echo_lines(_full(options, texts, outcome, paint_for(sys.stdout)))
    reaches_graphs = options.request.last_phase.includes(Phase.GRAPH)
    rows_shown = list(table(outcome.rows)) if reaches_graphs else []
    if rows_shown:
        _echo_lines([*rows_shown, ""])
    click.echo(summary(outcome.rows, outcome.diagnostics))
    if not options.notes and any(row.is_driver and row.dynamic_count for row in outcome.rows):
        click.echo("note: --notes says why drivers stay dynamic", err=True)


def _report_concise(options: Options, texts: Texts, outcome: Outcome) -> None:
    del texts
    shown = shown_to_people(outcome.diagnostics, options.selection, with_notes=options.notes)
    _echo_lines(map(render_concise, shown))


def _report_json(options: Options, texts: Texts, outcome: Outcome) -> None:
    del options, texts
    tasks = [task_document(row) for row in outcome.rows]
    click.echo(render_json(outcome.diagnostics, tasks=tasks), nl=False)


_FORMATS: dict[str, Callable[[Options, Texts, Outcome], None]] = {
    "full": _report_full,
    "concise": _report_concise,
    "json": _report_json,
}


def _full(options: Options, texts: Texts, outcome: Outcome, paint: Paint) -> Iterator[str]:
    shown = shown_to_people(outcome.diagnostics, options.selection, with_notes=options.notes)
    for diagnostic in shown:
        yield render_full(diagnostic, texts, paint=paint)
        yield ""


def _echo_lines(lines: Iterator[str] | Sequence[str], *, err: bool = False) -> None:
    for line in lines:
        click.echo(line, err=err)


def paint_for(stream: object) -> Paint:
    """Colour on a terminal, unless `NO_COLOR` says otherwise."""
    is_terminal = getattr(stream, "isatty", bool)()
    return coloured if is_terminal and not os.environ.get("NO_COLOR") else plain
