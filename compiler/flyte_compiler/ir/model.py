"""`TaskGraph`: one driver's body as a graph of actions and the Python between them.

A closed union of frozen nodes in program order, some of which hold regions of further nodes. An
operand names where a value comes from; edges are derived from operands, never stored. Adding a
node kind is a decision about the whole compiler: every `match` on `Node` ends in `assert_never`
and will say so.

**What holds for regions.** An operand may name a node that stands earlier in its own region, or
earlier than the node that holds the region, and so on outward; nodes inside another node's region
are seen through that node's outputs alone. A region runs its nodes in order and then does what
its `end` says: `Yield` goes on after the node that holds the region, the others leave further.
`Return` leaves the helper, or the driver. An exit that passes a `try` or a `with` runs what they
have to run on the way.

**Variables** are values (`n3.total`), merged where paths meet: a branch, a loop or a `try` gives
each variable that its regions changed and that is read later, and a variable may be `Unbound` on
one path. Only a variable that a function shares with the code around it, or whose value at the
moment of an exception matters, has a place of its own: it is a *cell* of the body that binds it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from flyte_compiler.ir.leaves import (
    AwaitNode,
    DynamicNode,
    FunctionNode,
    HelperNode,
    PackNode,
    PythonNode,
    Start,
    TaskNode,
    TraceNode,
    YieldNode,
)
from flyte_compiler.ir.values import Callee, NodeId, Operand, Variables
from flyte_compiler.source.span import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Yield:
    """Go on after the node that holds the region."""

    variables: Variables
    """What the node's outputs are on this path."""
    value: Operand | None
    """What the region gives beside them: `VALUE` of a branch, an element of a map or of a
    loop that collects; a loop's test; None where nothing is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Continue:
    """Go on with the next turn of the loop around."""

    variables: Variables
    """The loop's carried variables."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """Leave the loop around."""

    variables: Variables
    """The loop's carried variables."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """Leave the driver, or the helper, with a result."""

    value: Operand


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """Never gets here: the last node always raises, or leaves."""


End: TypeAlias = Yield | Continue | Break | Return | Stop


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """Nodes in program order, and what comes after them."""

    nodes: tuple[Node, ...]
    end: End


class Choice(Enum):
    """How a branch chooses among its arms."""

    TRUTH = "truth"
    """The first of two arms where the test is true."""
    INDEX = "index"
    """The arm whose number the test is: of a `match`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """One way that a branch may go."""

    label: str
    """Short, to be shown: the condition, a pattern, `else`."""
    body: Region


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchNode:
    """One of several regions: `if`, a conditional expression, `and`, `or`, `match`."""

    id: NodeId
    choice: Choice
    test: Operand
    arms: tuple[Arm, ...]
    """Every arm that yields, yields the same variables, and a value or none alike."""
    type: str | None
    """Of the value."""
    span: Span


class LoopKind(Enum):
    """What makes a loop go on."""

    FOR = "for"
    ASYNC_FOR = "async for"
    WHILE = "while"


class Collected(Enum):
    """What a comprehension makes of its elements."""

    NOTHING = "nothing"
    """A statement: the loop's outputs are its carried variables."""
    LIST = "list"
    SET = "set"
    DICT = "dict"
    """Each element is a tuple of key and value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopNode:
    """A region repeated in order. Its carried variables enter test, body and `orelse` as
    `RegionInput`s, and are its outputs; an element enters the body as `ELEMENT`."""

    id: NodeId
    kind: LoopKind
    iterable: Operand | None
    """None for `while`."""
    test: Region | None
    """Of a `while`: yields the carried variables and the value to be tested."""
    body: Region
    orelse: Region | None
    """Runs where the loop wasn't broken."""
    carried: Variables
    """Their values before the first turn."""
    collected: Collected
    """Its value is `Output(node, (VALUE,))`: what the bodies yielded that came to their end."""
    label: str
    """Short, to be shown: `x in xs`, or the condition."""
    type: str | None
    """Of what is collected."""
    span: Span


class MapKind(Enum):
    """Who joins a map's elements, and how an exception in one goes on."""

    MAP = "map"
    """`flyte.map`: its value is an iterator over the results, in order; lazy, parallel."""
    GATHER = "gather"
    """A gather over a comprehension, or over a list that a loop filled: its value is a list."""
    STATEMENTS = "statements"
    """A loop whose turns don't depend on each other: in program order, as far as anyone sees."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MapNode:
    """A region for each element, unordered, joined in order.

    The body yields a call's value; for a gather, one that is deferred, and `Continue` leaves an
    element out.
    """

    id: NodeId
    kind: MapKind
    iterables: tuple[Operand, ...]
    """One; more for `flyte.map`. An element of the first enters the body as `ELEMENT`, of the
    others as `ELEMENT` and their number (`<element>1`)."""
    body: Region
    options: tuple[tuple[str, Operand], ...]
    """Of `flyte.map`: `concurrency`, `group_name`, `return_exceptions`; of a gather:
    `return_exceptions`."""
    is_async: bool
    """Of `flyte.map.aio`: its value is an asynchronous iterator."""
    start: Start
    """Of a gather; the others are IN_PLACE."""
    collected: Collected
    """Of STATEMENTS; LIST for the others."""
    label: str
    type: str | None
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Handler:
    """One `except` of a `try`. The exception enters the body as `CAUGHT`."""

    types: Region | None
    """Yields the exception class, or a tuple of them; run when an exception is to be matched.
    None for a bare `except`."""
    label: str
    body: Region


@dataclass(frozen=True, slots=True, kw_only=True)
class TryNode:
    """`try`: entered and left in order. Its outputs are the variables that `orelse` (`body` where
    there is none) and the handlers yield, all the same names. Handlers and `final` see no variable
    that changes in the body but in a cell: an exception may come at any point."""

    id: NodeId
    body: Region
    handlers: tuple[Handler, ...]
    orelse: Region | None
    """What the body yields enters it as `RegionInput(id, name)`."""
    final: Region | None
    is_group: bool
    """`except*`."""
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class WithNode:
    """`with` one context manager: entered and left in order. What it gives enters the body as
    `ENTERED`."""

    id: NodeId
    manager: Operand
    body: Region
    is_async: bool
    group: Operand | None
    """The name in `flyte.group(name)`: labels the nodes inside, and does nothing else."""
    otherwise: Variables
    """What the outputs are where the manager swallowed an exception."""
    label: str
    span: Span


Node: TypeAlias = (
    TaskNode
    | TraceNode
    | HelperNode
    | FunctionNode
    | PythonNode
    | PackNode
    | AwaitNode
    | YieldNode
    | BranchNode
    | LoopNode
    | MapNode
    | TryNode
    | WithNode
    | DynamicNode
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A value that enters the driver or a helper."""

    name: str
    type: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Helper:
    """A first-party function that calls tasks, lowered once: called by `HelperNode`s, or run by
    Python itself on behalf of `PythonNode`s, and then here to be looked at alone."""

    id: NodeId
    name: str
    """`module.function`, to be shown."""
    module: str
    function: str
    """Qualified name inside the module; of a `lambda`, `outer.<locals>.<lambda>`."""
    is_async: bool
    parameters: tuple[Parameter, ...]
    """Of its signature, in order: they enter the body as `RegionInput(id, name)`."""
    signature: str
    """To be shown, and for Python to bind by: `(x, *rest, key=...)`."""
    captures: tuple[str, ...]
    """Variables of the functions around it that it reads and that aren't cells: they enter the
    body likewise."""
    cells: tuple[str, ...]
    """Variables of its own that are shared. A parameter among them starts with its argument."""
    body: Region
    span: Span


class DriverKind(Enum):
    """How the driver was declared."""

    TASK = "task"
    COMPILED_TASK = "compiled_task"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskGraph:
    """One driver, lowered."""

    task: Callee
    kind: DriverKind
    parameters: tuple[Parameter, ...]
    cells: tuple[str, ...]
    """The driver's own shared variables; a parameter among them starts with its argument."""
    body: Region
    helpers: tuple[Helper, ...]
    """In the order of their ids."""
    result_type: str | None
    span: Span
