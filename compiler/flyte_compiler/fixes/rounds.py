"""One round of fixes: new texts for some files, none of which breaks its file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from flyte_compiler.diagnostics.model import Diagnostic
from flyte_compiler.fixes.apply import apply_edits
from flyte_compiler.fixes.choose import choose, edits_of
from flyte_compiler.source.text import SourceFile

Parses = Callable[[SourceFile], bool]
"""Whether a text is Python."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a round does to one file."""

    before: SourceFile
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """Some fixes that go together, and what comes of them."""

    fixed: tuple[Diagnostic, ...]
    changes: tuple[Change, ...]
    broken: tuple[Diagnostic, ...]
    """Left out: with their fix, a file would be no Python. A mistake of the rule."""


def next_round(
    diagnostics: Sequence[Diagnostic], sources: Mapping[Path, SourceFile], parses: Parses
) -> Round:
    """The fixes of as many diagnostics as go together.

    One that touches a file without text in `sources` waits: the file changed meanwhile.
    """
    left = [each for each in diagnostics if all(path in sources for path in _paths([each]))]
    broken: list[Diagnostic] = []
    while True:
        fixed = choose(left)
        changes = tuple(_changes(fixed, sources))
        spoiled = {each.before.path for each in changes if not parses(_new(each))}
        if not spoiled:
            return Round(fixed=fixed, changes=changes, broken=tuple(broken))
        touching = [each for each in fixed if spoiled.intersection(_paths([each]))]
        at_fault = [each for each in touching if not _keeps_python(each, sources, parses)]
        broken += at_fault
        # Where only two of them together spoil a file, one goes first.
        left = [each for each in left if each not in (at_fault or touching[1:])]


def _keeps_python(fixed: Diagnostic, sources: Mapping[Path, SourceFile], parses: Parses) -> bool:
    """Whether every file is Python with this fix alone."""
    return all(parses(_new(change)) for change in _changes([fixed], sources))


def _changes(fixed: Sequence[Diagnostic], sources: Mapping[Path, SourceFile]) -> Iterator[Change]:
    for path in _paths(fixed):
        before = sources[path]
        yield Change(before=before, after=apply_edits(before, edits_of(fixed, path)))


def _paths(diagnostics: Sequence[Diagnostic]) -> tuple[Path, ...]:
    edits = (edit for each in diagnostics if each.fix for edit in each.fix.edits)
    return tuple(dict.fromkeys(edit.span.path for edit in edits))


def _new(change: Change) -> SourceFile:
    return SourceFile(path=change.before.path, module=change.before.module, text=change.after)
