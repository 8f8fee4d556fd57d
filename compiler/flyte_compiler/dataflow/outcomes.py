"""Values that may hold errors in place of results: what maps and gathers give that hand errors on.

A closed set, as far as bodies take it apart: one outcome, many, a tuple, a table.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias, assert_never

from flyte_compiler.source.span import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathering:
    """A call that gives errors among its results."""

    name: str
    """As documented: `flyte.map`, `asyncio.gather`."""
    module: str
    span: Span
    callee: Span
    tree: ast.Call = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A result or an error."""

    of: Gathering


@dataclass(frozen=True, slots=True)
class Many:
    """What gives such values when it is iterated over."""

    each: Value | None
    is_lazy: bool = False
    """Whether it is a map that nothing has collected yet."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """A tuple."""

    parts: tuple[Value | None, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A dictionary, by its values."""

    each: Value | None


Value: TypeAlias = Outcome | Many | Fixed | Table


def outcomes_in(value: Value | None) -> Iterator[Gathering]:
    """The calls whose errors a value may hold."""
    match value:
        case None:
            return
        case Outcome(of=gathering):
            yield gathering
        case Many(each=each) | Table(each=each):
            yield from outcomes_in(each)
        case Fixed(parts=parts):
            for part in parts:
                yield from outcomes_in(part)
        case _:
            assert_never(value)


def joined(one: Value | None, other: Value | None) -> Value | None:
    """Either; of two that differ the one that was there first."""
    return other if one is None else one


def element_of(value: Value | None) -> Value | None:
    """What iterating over a value gives, and what an index does."""
    match value:
        case Many(each=each):
            return each
        case Fixed(parts=parts):
            return next((part for part in parts if part is not None), None)
        case _:
            return None


def many(each: Value | None) -> Many | None:
    """A collection of such values; None where there is nothing to know of them."""
    return None if each is None else Many(each)


def table(each: Value | None) -> Table | None:
    """A dictionary of such values."""
    return None if each is None else Table(each)


def collected(value: Value | None) -> Value | None:
    """A value once it is in a list."""
    return many(element_of(value))


def tuple_of(parts: list[Value | None]) -> Fixed | None:
    """A tuple, if there is anything to know of its parts."""
    return Fixed(tuple(parts)) if any(part is not None for part in parts) else None
