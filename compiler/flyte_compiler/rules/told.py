"""Where other rules report already: what they say is not said again in a type checker's words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias, TypeVar

from flyte_compiler.callgraph.model import CallSite, LibraryCall, ValueCall
from flyte_compiler.diagnostics.model import Diagnostic
from flyte_compiler.rules import (
    fc107_invalid_option,
    fc203_unawaited_task,
    fc204_unconsumed_map,
    fc206_blocking_task_call,
    fc212_unversioned_remote_task,
    fc301_argument_type,
    fc302_argument_count,
    fc303_return_type,
    fc304_element_type,
    fc306_unpack_arity,
)
from flyte_compiler.rules.facts import Facts
from flyte_compiler.source.span import Span

AnyCall: TypeAlias = CallSite | LibraryCall | ValueCall
_Call = TypeVar("_Call", bound=AnyCall)

_CHECKS: tuple[Callable[[Facts], Iterator[Diagnostic]], ...] = (
    fc107_invalid_option.check,
    fc203_unawaited_task.check,
    fc204_unconsumed_map.check,
    fc206_blocking_task_call.check,
    fc212_unversioned_remote_task.check,
    fc301_argument_type.check,
    fc302_argument_count.check,
    fc303_return_type.check,
    fc304_element_type.check,
    fc306_unpack_arity.check,
)


class Told:
    """The places that rules about calls and boundaries speak of, found when one is asked for."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._spans: tuple[Span, ...] | None = None

    def about(self, span: Span) -> bool:
        """Whether one of them reports there: at the place, inside or around it."""
        if self._spans is None:
            found = (each for check in _CHECKS for each in check(self._facts))
            self._spans = tuple(each.primary.span for each in found)
        return any(overlap(span, other) for other in self._spans)


def overlap(one: Span, other: Span) -> bool:
    """Whether two spans share a character."""
    return one.path == other.path and one.start < other.end and other.start < one.end


def by_place(calls: Iterable[_Call]) -> Mapping[Span, _Call]:
    """Calls by the places where a type checker finds fault with one: its own, and each of its
    arguments'. What stands deeper is another expression's fault."""
    found: dict[Span, _Call] = {}
    for call in calls:
        found[call.span] = call
        for argument in call.arguments:
            found.setdefault(argument.span, call)
    return found
