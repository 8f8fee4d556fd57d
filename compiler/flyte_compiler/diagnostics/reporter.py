"""What is reported, of all that was found: wanted, not silenced, each fault once, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from flyte_compiler.diagnostics.model import Diagnostic, Severity
from flyte_compiler.diagnostics.select import Selection
from flyte_compiler.diagnostics.suppress import Suppression, Word, find_suppressions
from flyte_compiler.source.span import Span
from flyte_compiler.source.text import SourceFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Unused:
    """A comment that silences nothing, or some words of its list that don't."""

    suppression: Suppression
    words: tuple[Word, ...]
    """Empty for a comment without a list."""
    source: SourceFile


_UNCHECKED = frozenset({"syntax-error", "unreadable-source"})
"""Rules that say that no other one has seen the file."""

Judge: TypeAlias = Callable[[Unused], Iterable[Diagnostic]]
Suppressions: TypeAlias = Mapping[Path, tuple[Suppression, ...]]


def report(
    found: Iterable[Diagnostic],
    sources: Mapping[Path, SourceFile],
    selection: Selection,
    *,
    judge: Judge | None = None,
) -> tuple[Diagnostic, ...]:
    """By file, position and code; without what is ignored, on the command line or in comments.

    `judge` says what is wrong with a comment that silences nothing; there is none where some
    rules haven't run.
    """
    every = list(found)
    suppressions = {path: find_suppressions(source) for path, source in sources.items()}
    if judge is not None:
        unused = _unused(every, suppressions, sources)
        every += [each for some in unused for each in judge(some)]
    wanted = [each for each in every if selection.wants(each.rule)]
    left = [each for each in wanted if not any(_silencing(each, suppressions))]
    once = {_identity(each): each for each in reversed(left)}
    return tuple(sorted(once.values(), key=lambda each: each.sort_key))


def _identity(diagnostic: Diagnostic) -> tuple[object, ...]:
    """One rule says one thing about one place, however many ways led to it."""
    return (diagnostic.rule.code, diagnostic.primary.span, diagnostic.message)


def _silencing(diagnostic: Diagnostic, suppressions: Suppressions) -> Iterator[Suppression]:
    span = diagnostic.primary.span
    for each in suppressions.get(span.path, ()):
        is_itself = each.words is None and each.span == span
        if not is_itself and each.silences(diagnostic.rule, span.start.line):
            yield each


def _unused(
    found: Iterable[Diagnostic], suppressions: Suppressions, sources: Mapping[Path, SourceFile]
) -> Iterator[Unused]:
    used: set[Span] = set()
    unchecked: set[Path] = set()
    for diagnostic in found:
        if diagnostic.rule.name in _UNCHECKED:
            unchecked.add(diagnostic.primary.span.path)
        for each in _silencing(diagnostic, suppressions):
            used.add(each.span)
            words = each.words or ()
            used.update(word.span for word in words if word.selector.matches(diagnostic.rule))
    for path, comments in suppressions.items():
        for each in comments:
            words = tuple(word for word in each.words or () if word.span not in used)
            is_judged = each.is_ours and path not in unchecked
            if is_judged and (words or each.span not in used):
                yield Unused(suppression=each, words=words, source=sources[path])


def warnings_as_errors(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The same, warnings raised to errors."""
    return tuple(
        replace(each, severity=Severity.ERROR) if each.severity is Severity.WARNING else each
        for each in diagnostics
    )
