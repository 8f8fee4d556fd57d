"""The report, in each of its forms: what stands on standard output."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib.metadata import version
from pathlib import Path

import click

from flyte_compiler.cli.asked import shown
from flyte_compiler.cli.checkout import repository
from flyte_compiler.cli.colour import paint_for
from flyte_compiler.cli.options import Options
from flyte_compiler.cli.outcome import Outcome
from flyte_compiler.cli.rows import task_document
from flyte_compiler.cli.table import summary, table
from flyte_compiler.diagnostics.paint import Paint, plain
from flyte_compiler.diagnostics.render_concise import render_concise
from flyte_compiler.diagnostics.render_full import render_full
from flyte_compiler.diagnostics.render_github import render_github
from flyte_compiler.diagnostics.render_json import render_json
from flyte_compiler.phase import Phase
from flyte_compiler.source.text import SourceFile

Texts = Mapping[Path, SourceFile]


def report(options: Options, texts: Texts, outcome: Outcome) -> None:
    """In the form that is asked for."""
    _FORMS[options.format](options, texts, outcome)


def report_beside(options: Options, texts: Texts, outcome: Outcome) -> None:
    """The diagnostics alone, on standard error: something else is on standard output."""
    paint = paint_for(sys.stderr)
    for line in _full(options, texts, outcome, paint):
        click.echo(line, err=True, color=paint is not plain)


def _report_full(options: Options, texts: Texts, outcome: Outcome) -> None:
    paint = paint_for(sys.stdout)
    _echo_lines(_full(options, texts, outcome, paint), paint)
    reaches_graphs = options.request.last_phase.includes(Phase.GRAPH)
    rows_shown = list(table(outcome.rows)) if reaches_graphs else []
    if rows_shown:
        _echo_lines([*rows_shown, ""])
    click.echo(summary(outcome.rows, outcome.diagnostics))
    if not options.notes and any(row.is_driver and row.dynamic_count for row in outcome.rows):
        click.echo("note: --notes says why drivers stay dynamic", err=True)


def _report_concise(options: Options, texts: Texts, outcome: Outcome) -> None:
    del texts
    _echo_lines(map(render_concise, shown(outcome, options)))


def _report_json(options: Options, texts: Texts, outcome: Outcome) -> None:
    del options, texts
    tasks = [task_document(row) for row in outcome.rows]
    click.echo(render_json(outcome.diagnostics, tasks=tasks), nl=False)


def _report_sarif(options: Options, texts: Texts, outcome: Outcome) -> None:
    del options
    from flyte_compiler.cli.pages import described  # noqa: PLC0415 - reads pages
    from flyte_compiler.diagnostics.render_sarif import Run, render_sarif  # noqa: PLC0415

    run = Run(
        version=version("flyte-compile"),
        repository=repository(),
        rules=described(each.rule for each in outcome.diagnostics),
        sources=texts,
    )
    click.echo(render_sarif(outcome.diagnostics, run), nl=False)


def _report_github(options: Options, texts: Texts, outcome: Outcome) -> None:
    del texts
    checkout = repository()
    _echo_lines(render_github(each, checkout) for each in shown(outcome, options))


_FORMS: Mapping[str, Callable[[Options, Texts, Outcome], None]] = {
    "full": _report_full,
    "concise": _report_concise,
    "json": _report_json,
    "sarif": _report_sarif,
    "github": _report_github,
}


def _full(options: Options, texts: Texts, outcome: Outcome, paint: Paint) -> Iterator[str]:
    for diagnostic in shown(outcome, options):
        yield render_full(diagnostic, texts, paint=paint)
        yield ""


def _echo_lines(lines: Iterable[str], paint: Paint = plain) -> None:
    for line in lines:
        click.echo(line, color=paint is not plain)
