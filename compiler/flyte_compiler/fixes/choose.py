"""Which fixes are put in together: none overlaps another, and each goes in whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from flyte_compiler.diagnostics.model import Diagnostic, Edit, Fix
from flyte_compiler.diagnostics.select import Selection
from flyte_compiler.source.span import Span


def fixable(
    diagnostics: Iterable[Diagnostic], asked: Selection, is_given: Callable[[Path], bool]
) -> tuple[Diagnostic, ...]:
    """Those whose fix may be put in: it is safe, or the rule was asked for by its code or name;
    and it touches only files that were given."""
    return tuple(
        each
        for each in diagnostics
        if each.fix is not None
        and each.fix.edits
        and (each.fix.safe or asked.names(each.rule))
        and all(is_given(edit.span.path) for edit in each.fix.edits)
    )


def choose(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The most that go together, in order; the rest must be found again in the new text."""
    chosen: list[Diagnostic] = []
    taken: list[Edit] = []
    for each in diagnostics:
        edits = each.fix.edits if each.fix else ()
        if _is_consistent(edits) and not any(_overlap(a, b) for a in edits for b in taken):
            chosen.append(each)
            taken += edits
    return tuple(chosen)


def edits_of(diagnostics: Iterable[Diagnostic], path: Path) -> tuple[Edit, ...]:
    """What the fixes of some diagnostics do to one file."""
    fixes: Iterable[Fix] = (each.fix for each in diagnostics if each.fix is not None)
    return tuple(edit for fix in fixes for edit in fix.edits if edit.span.path == path)


def _is_consistent(edits: tuple[Edit, ...]) -> bool:
    return not any(
        _overlap(one, other) for place, one in enumerate(edits) for other in edits[place + 1 :]
    )


def _overlap(one: Edit, other: Edit) -> bool:
    """Also where two texts would be put in at one place: their order would be a guess."""
    first, second = sorted((one.span, other.span))
    if first.path != second.path:
        return False
    if first.end == second.start:
        return _is_empty(first) or _is_empty(second)
    return second.start < first.end


def _is_empty(span: Span) -> bool:
    return span.start == span.end
