"""`--fix` and `--diff`: the fixes of what is reported, put into the files given or shown.

What was fixed, and what could not be, is said on standard error.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import click

from flyte_compiler.cli.asked import as_asked, shown
from flyte_compiler.cli.findings import Findings, find
from flyte_compiler.cli.options import Options
from flyte_compiler.cli.outcome import Outcome
from flyte_compiler.diagnostics.display import visible
from flyte_compiler.diagnostics.model import Diagnostic
from flyte_compiler.fixes.choose import fixable
from flyte_compiler.fixes.difference import unified
from flyte_compiler.fixes.rounds import Change, Round, next_round
from flyte_compiler.fixes.store import Refused, replace_text
from flyte_compiler.source.text import SourceFile

MOST_ROUNDS = 20
"""A fix may uncover a fault that has one too; two that undo each other must come to an end."""


def put_in_fixes(files: tuple[Path, ...], options: Options) -> tuple[Findings, bool]:
    """What is found in the fixed files, and whether all of them could be written."""
    mending = _Mending()
    for _ in range(MOST_ROUNDS):
        findings = find(files, options)
        pending = pending_fixes(_asked(findings, options), files, options)
        found = _round(mending.possible(pending), findings)
        mending.put_in(found)
        if not found.changes:
            return findings, mending.finish()
    click.echo(f"note: after {MOST_ROUNDS} rounds there are still fixes; run it again", err=True)
    return find(files, options), mending.finish()


def show_fixes(findings: Findings, files: tuple[Path, ...], options: Options) -> bool:
    """The difference that one round of `--fix` makes, on standard output; whether there is any."""
    found = _round(pending_fixes(_asked(findings, options), files, options), findings)
    _say_broken(found.broken)
    for change in found.changes:
        for line in unified(change.before.path, change.before.text, change.after):
            click.echo(line, nl=False)
    if found.changes:
        click.echo(f"{_counted(len(found.fixed), found.changes)}; `--fix` puts them in", err=True)
    return bool(found.changes)


def pending_fixes(
    outcome: Outcome, files: Iterable[Path], options: Options
) -> tuple[Diagnostic, ...]:
    """What is reported and `--fix` would mend."""
    given = {os.path.realpath(file) for file in files}
    return fixable(
        shown(outcome, options), options.asked_for, lambda path: os.path.realpath(path) in given
    )


class _Mending:
    """What one `--fix` did so far."""

    def __init__(self) -> None:
        self._fixes = 0
        self._files: set[Path] = set()
        self._refused: set[Path] = set()
        self._broken: list[Diagnostic] = []

    def possible(self, diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
        """Without those that touch a file which can't be written."""
        return tuple(each for each in diagnostics if not _paths_of(each) & self._refused)

    def put_in(self, found: Round) -> None:
        """Write the files of a round."""
        new = [each for each in found.broken if each not in self._broken]
        _say_broken(new)
        self._broken += new
        for change in found.changes:
            self._write(change)
        for each in found.fixed:
            if not _paths_of(each) & self._refused:
                self._fixes += 1
                click.echo(_line("fixed", each), err=True)

    def finish(self) -> bool:
        """Sum up; whether nothing was refused."""
        if self._fixes:
            click.echo(f"put in {_counted(self._fixes, self._files)}", err=True)
        return not self._refused

    def _write(self, change: Change) -> None:
        path = change.before.path
        try:
            replace_text(path, change.before, change.after)
            self._files.add(path)
        except Refused as refused:
            self._refused.add(path)
            click.echo(f"{visible(str(path))}: not fixed: {refused}", err=True)


def _asked(findings: Findings, options: Options) -> Outcome:
    return as_asked(findings.outcome, options)


def _round(pending: tuple[Diagnostic, ...], findings: Findings) -> Round:
    if not pending:
        return Round(fixed=(), changes=(), broken=())
    return next_round(pending, findings.texts, _parses)


def _parses(source: SourceFile) -> bool:
    from flyte_compiler.syntax.parse import Parsed, parse  # noqa: PLC0415 - loads libcst

    return isinstance(parse(source), Parsed)


def _paths_of(diagnostic: Diagnostic) -> set[Path]:
    return {edit.span.path for edit in diagnostic.fix.edits} if diagnostic.fix else set()


def _say_broken(broken: Iterable[Diagnostic]) -> None:
    for each in broken:
        line = _line("not fixed", each)
        click.echo(f"{line}: the result would not be Python; please report it", err=True)


def _line(word: str, diagnostic: Diagnostic) -> str:
    """Like a line of the concise report."""
    title = diagnostic.fix.title if diagnostic.fix else ""
    place = visible(str(diagnostic.primary.span))
    return f"{place}: {word}[{diagnostic.rule.code}] {visible(title)}"


def _counted(fixes: int, files: Iterable[object]) -> str:
    count = len(tuple(files))
    return f"{fixes} {_plural('fix', 'fixes', fixes)} in {count} {_plural('file', 'files', count)}"


def _plural(one: str, many: str, count: int) -> str:
    return one if count == 1 else many
