"""What an expression may be: the values that matter to who calls whom, and nothing else.

A set of these stands for "one of them, or something that calls nothing of the program". Sets
only grow, are small, and nest no deeper than `DEEPEST`, so a search for them always ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TypeAlias

import libcst as cst

from flyte_compiler.callgraph.bodies import Body
from flyte_compiler.callgraph.model import Form, Kind

DEEPEST = 3
"""Containers in containers; what is further in isn't followed."""
MOST = 32
"""Values that a name is followed to, where they come one by one."""


@dataclass(frozen=True, slots=True)
class Function:
    """A first-party function, whatever its decorators make of it."""

    code: Body
    form: Form = Form.CALL
    """How a call of this value calls it: `t.aio` is one that calls it as `t.aio(x)`."""
    is_bound: bool = False
    """Whether a receiver is its first argument already."""
    is_direct: bool = True
    """Whether the expression can only be this function, as it was declared."""
    is_wrapped: bool = False
    """Whether it is what `env.task(f)` or `flyte.trace(f)` gave, in place of `f` itself."""


@dataclass(frozen=True, slots=True)
class LambdaValue:
    """A lambda, with the code that it stands in."""

    node: cst.Lambda
    code: Body


@dataclass(frozen=True, slots=True)
class Remote:
    """A task that is deployed somewhere: `flyte.remote.Task.get(...)`."""


@dataclass(frozen=True, slots=True)
class ClassValue:
    """A first-party class."""

    node: cst.ClassDef
    code: Body
    """The code that it stands in."""


@dataclass(frozen=True, slots=True)
class Instance:
    """An object of a first-party class."""

    kind: ClassValue
    or_below: bool
    """Whether its class may be one derived from that."""


@dataclass(frozen=True, slots=True)
class Super:
    """`super()` in a method of a class."""

    kind: ClassValue


@dataclass(frozen=True, slots=True)
class Made:
    """A task environment, by the call or the annotation that says so."""

    node: cst.CSTNode
    code: Body


@dataclass(frozen=True, slots=True)
class Decorates:
    """What makes a task of a function: `env.task`, `env.task(cache="auto")`."""

    kind: Kind
    made: Made


@dataclass(frozen=True, slots=True)
class ModuleValue:
    """A module of the program, or a package without a file."""

    name: str


@dataclass(frozen=True, slots=True)
class Outside:
    """Something outside the program: `asyncio.gather`, `builtins.zip`."""

    name: str


@dataclass(frozen=True, slots=True)
class Many:
    """Something to iterate over: a list, a set, a generator."""

    elements: Values


@dataclass(frozen=True, slots=True)
class Table:
    """A dict."""

    values: Values


@dataclass(frozen=True, slots=True)
class Row:
    """A tuple of known length."""

    parts: tuple[Values, ...]


Value: TypeAlias = (
    Function
    | LambdaValue
    | Remote
    | ClassValue
    | Instance
    | Super
    | Made
    | Decorates
    | ModuleValue
    | Outside
    | Many
    | Table
    | Row
)
Values: TypeAlias = frozenset[Value]

NOTHING: Values = frozenset()


def many(elements: Values) -> Values:
    """A container of these; nothing where there is nothing to find in it."""
    return _held(elements, lambda: Many(elements))


def table(values: Values) -> Values:
    """A dict with these values."""
    return _held(values, lambda: Table(values))


def row(parts: Iterable[Values]) -> Values:
    """A tuple of these."""
    parts = tuple(parts)
    return _held(NOTHING.union(*parts), lambda: Row(parts))


def _held(values: Values, container: Callable[[], Value]) -> Values:
    return frozenset((container(),)) if values and _depth(values) < DEEPEST else NOTHING


def elements_of(values: Values) -> Values:
    """What iterating over a value gives. A dict gives keys, which call nothing."""
    found: list[Values] = []
    for value in values:
        match value:
            case Many(elements=elements):
                found.append(elements)
            case Row(parts=parts):
                found.extend(parts)
            case _:
                pass
    return in_doubt(NOTHING.union(*found))


def entries_of(values: Values, place: int | None = None) -> Values:
    """What `values[...]` gives: at a known place of a tuple, else anything that it holds."""
    found: list[Values] = []
    for value in values:
        match value:
            case Many(elements=held) | Table(values=held):
                found.append(held)
            case Row(parts=parts):
                known = place is not None and -len(parts) <= place < len(parts)
                found.extend([parts[place]] if known and place is not None else parts)
            case _:
                pass
    return in_doubt(NOTHING.union(*found))


def in_doubt(values: Values) -> Values:
    """The same values where an expression may also be something else."""
    if not any(isinstance(value, Function) and value.is_direct for value in values):
        return values
    return frozenset(
        replace(value, is_direct=False) if isinstance(value, Function) else value
        for value in values
    )


def functions_in(values: Values) -> frozenset[Function]:
    """The functions among some values, those in containers too."""
    found: set[Function] = set()
    for value in values:
        match value:
            case Function():
                found.add(value)
            case Many(elements=held) | Table(values=held):
                found |= functions_in(held)
            case Row(parts=parts):
                found.update(*map(functions_in, parts))
            case _:
                pass
    return frozenset(found)


def _depth(values: Values) -> int:
    depths = [0]
    for value in values:
        match value:
            case Many(elements=held) | Table(values=held):
                depths.append(1 + _depth(held))
            case Row(parts=parts):
                depths.append(1 + max(map(_depth, parts), default=0))
            case _:
                pass
    return max(depths)
