"""What nodes read: operands, and the functions that calls name.

An operand says where a value comes from; it never holds one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NewType, TypeAlias

NodeId = NewType("NodeId", str)
"""`n0`, `n1`, … in program order, those inside a node after the node itself: unique in its graph,
and part of a compiled action's identity. A helper's is `h0`, `h1`, …; the driver's own is `d`."""

DRIVER = NodeId("d")
"""The owner of the driver's own body."""

ELEMENT = "<element>"
"""The name under which an element enters the body of a loop or a map."""
ENTERED = "<entered>"
"""The name under which what a context manager gives enters the body of a `with`."""
CAUGHT = "<caught>"
"""The name under which the exception enters a handler."""
VALUE = "<value>"
"""The name of what an expression gives, where a node gives variables too."""

Constant: TypeAlias = bool | int | float | str | bytes | None


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant written in source."""

    value: Constant


@dataclass(frozen=True, slots=True)
class Input:
    """A parameter of the driver."""

    name: str


@dataclass(frozen=True, slots=True)
class RegionInput:
    """A value that enters a region of the node, or of the helper, `owner`.

    A carried variable of a loop or an argument of a helper by its name; `ELEMENT`, `ENTERED`,
    `CAUGHT`.
    """

    owner: NodeId
    name: str


@dataclass(frozen=True, slots=True)
class Output:
    """What a node gives: all of it, or the part at `path` (a variable that it leaves behind,
    `VALUE`, an index into a tuple or a gather)."""

    node: NodeId
    path: tuple[str | int, ...] = ()


@dataclass(frozen=True, slots=True)
class Shared:
    """A variable that functions share with the code around them, so that it has one place for
    all: a *cell* of the body of `owner` (a helper, or `DRIVER`).

    As an argument it is the value at the moment when the call stands; as the input of a fragment
    it *is* the variable, which the fragment reads and binds.
    """

    owner: NodeId
    name: str


@dataclass(frozen=True, slots=True)
class Unbound:
    """A variable that has no value on this path: to read it raises `UnboundLocalError`."""

    name: str


Operand: TypeAlias = Literal | Input | RegionInput | Output | Shared | Unbound

Variables: TypeAlias = tuple[tuple[str, Operand], ...]
"""Local names with where their values come from, sorted by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Callee:
    """A task or a trace that a node runs."""

    name: str
    """`environment.function`, or `module.function` for a trace."""
    module: str
    function: str
    """Qualified name inside the module."""
    environment: str | None
    signature: str
    """`(name: str, n: int = 1) -> str`, to be shown."""
    is_async: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueCallee:
    """A callee that is a value: held in a variable, a collection or a parameter, or remote."""

    operand: Operand
    text: str
    """As written, to be shown: `HANDLERS[kind]`."""
    candidates: tuple[Callee, ...]
    """What it may be, as far as the source shows, each once; empty where it shows nothing."""
