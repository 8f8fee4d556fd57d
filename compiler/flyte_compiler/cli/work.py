"""One check from options to exit code: compile or remember, fix, report, draw, write.

Only the report is on standard output; what was written, and what could not be, on standard error.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import click

from flyte_compiler.cli.asked import as_asked, has_errors
from flyte_compiler.cli.files import files_of
from flyte_compiler.cli.findings import Findings, find
from flyte_compiler.cli.options import Fixing, Options
from flyte_compiler.cli.outcome import Outcome
from flyte_compiler.cli.reports import report, report_beside
from flyte_compiler.phase import Phase


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
    files = files_of(options)
    match asked.fixing:
        case Fixing.SHOW:
            return _show_fixes(files, options)
        case Fixing.PUT_IN:
            from flyte_compiler.cli.mending import put_in_fixes  # noqa: PLC0415 - rarely asked for

            findings, is_mended = put_in_fixes(files, options)
        case Fixing.NONE:
            findings, is_mended = find(files, options), True
    checked = _reported(findings, options, is_mended=is_mended)
    if asked.fixing is Fixing.NONE and options.format == "full":
        _offer_fixes(findings, files, options)
    return checked


def _show_fixes(files: tuple[Path, ...], options: Options) -> Checked:
    from flyte_compiler.cli.mending import show_fixes  # noqa: PLC0415 - rarely asked for

    findings = find(files, options)
    is_pending = show_fixes(findings, files, options)
    return Checked(exit_code=1 if is_pending else 0, inputs=findings.inputs)


def _offer_fixes(findings: Findings, files: tuple[Path, ...], options: Options) -> None:
    """On standard error: it is no part of the report."""
    outcome = as_asked(findings.outcome, options)
    if not any(each.fix for each in outcome.diagnostics):
        return
    from flyte_compiler.cli.mending import pending_fixes  # noqa: PLC0415 - rarely there

    count = len(pending_fixes(outcome, files, options))
    if count:
        click.echo(f"note: --fix puts in what is safe ({count}), --diff shows it", err=True)


def _reported(findings: Findings, options: Options, *, is_mended: bool) -> Checked:
    outcome = as_asked(findings.outcome, options)
    _report(options, findings, outcome)
    is_empty = not any(row.is_task for row in outcome.rows)
    if is_empty and _reaches_tasks(options) and not has_errors(outcome):
        click.echo("note: no task found", err=True)
    is_written = _write(options, findings, outcome)
    is_fine = is_written and is_mended and not has_errors(outcome)
    return Checked(exit_code=0 if is_fine else 1, inputs=findings.inputs)


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


def _reaches_tasks(options: Options) -> bool:
    return options.request.last_phase.includes(Phase.CALL_GRAPH)


def _report(options: Options, findings: Findings, outcome: Outcome) -> None:
    phase = options.request.shown_phase
    if phase is None or findings.compilation is None:
        report(options, findings.texts, outcome)
        return
    from flyte_compiler.cli.print import print_phase  # noqa: PLC0415 - loads every phase

    compilation = replace(findings.compilation, diagnostics=outcome.diagnostics)
    for text in print_phase(phase, compilation, outcome.rows):
        click.echo(text, nl=False)
    report_beside(options, findings.texts, outcome)
