"""Taints: which sources a value depends on, and through which names each came."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from types import MappingProxyType
from typing import TypeAlias

from flyte_compiler.dataflow.sources import UNORDERED, Source, SourceKind
from flyte_compiler.source.span import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A place that a value came through."""

    text: str
    """What to see there: "kept in `now`"."""
    span: Span


Trail: TypeAlias = tuple[Step, ...]
Taints: TypeAlias = Mapping[Source, Trail]
NONE: Taints = MappingProxyType({})

_LONGEST = 3
"""Steps of a trail that are kept: a reader follows no more."""


class SinkKind(Enum):
    """Where such a value does harm."""

    ARGUMENT = "argument"
    """It is handed to a task or a trace."""
    CONDITION = "condition"
    """It decides whether one is called."""
    COUNT = "count"
    """It decides how often one is called, or with which elements."""
    ORDER = "order"
    """Calls stand in a loop that goes through a set or a directory listing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sink:
    """One such place."""

    kind: SinkKind
    text: str
    """What is decided, or receives it: "the argument `val` of `t2`"."""
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """A value that reaches a place where it does harm."""

    source: Source
    trail: Trail
    sink: Sink


def begun(source: Source) -> Taints:
    """What depends on a source alone."""
    return {source: ()}


def union(*several: Taints) -> Taints:
    """All of them; of two trails the one that was known first."""
    found = [each for each in several if each]
    if len(found) < 2:
        return found[0] if found else NONE
    merged: dict[Source, Trail] = {}
    for each in found:
        for source, trail in each.items():
            merged.setdefault(source, trail)
    return merged


def through(taints: Taints, text: str, span: Span) -> Taints:
    """The taints after one more step."""
    step = Step(text=text, span=span)
    return {
        source: trail if len(trail) >= _LONGEST or step in trail else (*trail, step)
        for source, trail in taints.items()
    }


def without(taints: Taints, kinds: Collection[SourceKind]) -> Taints:
    """The taints that are of other kinds."""
    if not any(source.kind in kinds for source in taints):
        return taints
    return {source: trail for source, trail in taints.items() if source.kind not in kinds}


def only(taints: Taints, kinds: Collection[SourceKind]) -> Taints:
    """The taints that are of these kinds."""
    return {source: trail for source, trail in taints.items() if source.kind in kinds}


def turned(taints: Taints, change: Callable[[SourceKind], SourceKind | None]) -> Taints:
    """The taints with other kinds; None for one that is none any more."""
    found: dict[Source, Trail] = {}
    for source, trail in taints.items():
        kind = change(source.kind)
        if kind is not None:
            found.setdefault(replace(source, kind=kind), trail)
    return found


def gone_through(taints: Taints) -> Taints:
    """What the elements depend on, one after the other."""
    return turned(taints, lambda kind: SourceKind.ORDER if kind in UNORDERED else kind)


def asked(taints: Taints) -> Taints:
    """What a generator, or an event loop's clock, gives."""
    answers = {SourceKind.GENERATOR: SourceKind.RANDOM, SourceKind.EVENT_LOOP: SourceKind.CLOCK}
    return turned(taints, lambda kind: answers.get(kind, kind))


def difference(left: Taints, right: Taints) -> Taints:
    """Of a subtraction: two times of one clock give a duration."""
    clocks = (SourceKind.CLOCK, SourceKind.ELAPSED)
    if not (only(left, clocks) and only(right, clocks)):
        return union(left, right)
    elapsed = SourceKind.ELAPSED
    both = union(left, right)
    return turned(both, lambda kind: elapsed if kind is SourceKind.CLOCK else kind)


def kinds_of(taints: Iterable[Source]) -> frozenset[SourceKind]:
    """The kinds among some sources."""
    return frozenset(source.kind for source in taints)
