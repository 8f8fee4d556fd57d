"""`TaskGraph`: one driver's body as a graph of actions and the Python between them.

A closed union of frozen nodes in program order. An operand names where a value comes from;
edges are derived from operands, never stored. Adding a node kind is a decision about the whole
compiler: every `match` on `Node` ends in `assert_never` and will say so.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NewType, TypeAlias

from flyte_compiler.source.span import Span

NodeId = NewType("NodeId", str)
"""`n0`, `n1`, … in program order: unique in its graph, and part of a compiled action's identity."""

Constant: TypeAlias = bool | int | float | str | bytes | None


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant written in source."""

    value: Constant


@dataclass(frozen=True, slots=True)
class Input:
    """A parameter of the graph's region."""

    name: str


@dataclass(frozen=True, slots=True)
class Output:
    """What a node gives: all of it, or the part at `path` (a variable of a `PythonNode`, an
    index into a tuple or a gather)."""

    node: NodeId
    path: tuple[str | int, ...] = ()


Operand: TypeAlias = Literal | Input | Output


@dataclass(frozen=True, slots=True, kw_only=True)
class Callee:
    """The function that a node runs."""

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
class TaskNode:
    """Run a task as an action of its own.

    Issued where it stands, its arguments snapshot there. One whose output is an element of a
    gather is awaited by that gather; any other is awaited in place.
    """

    id: NodeId
    callee: Callee
    inputs: tuple[tuple[str, Operand], ...]
    """By the callee's parameter names, in the order in which the call evaluates them.
    Parameters left to their defaults are absent."""
    input_types: tuple[str | None, ...]
    """The callee's annotations for `inputs`, in the same order."""
    overrides: tuple[tuple[str, Operand], ...]
    """Options of `.override(...)`."""
    type: str | None
    """The callee's declared result."""
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceNode:
    """Run a traced helper: a checkpoint inside the same action."""

    id: NodeId
    callee: Callee
    inputs: tuple[tuple[str, Operand], ...]
    input_types: tuple[str | None, ...]
    type: str | None
    span: Span


class FragmentForm(Enum):
    """What a fragment's source is."""

    EXPRESSION = "expression"
    """Its value is the node's output."""
    STATEMENTS = "statements"
    """Its outputs are the variables that it leaves behind: `Output(node, (name,))`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PythonNode:
    """Plain Python between calls.

    `source` is the user's own text from `span.start` on (its first line unindented, later lines
    as they are), where each call inside was replaced by an input's name in parentheses, keeping
    its line breaks: so that a traceback shows the user's own line.
    """

    id: NodeId
    form: FragmentForm
    source: str
    inputs: tuple[tuple[str, Operand], ...]
    """Local names that it reads, by name. One whose operand is a variable that was left unbound
    is unbound inside too: only reading it raises."""
    outputs: tuple[str, ...]
    """Local names that it leaves bound and that are read later. A name that it may leave
    unbound is among its inputs where it was bound before."""
    indent: str
    """The white space before the driver's statements: with it before the first line, statements
    line up."""
    global_names: tuple[str, ...]
    """Names that the driver declares `global` elsewhere, and the fragment binds."""
    is_async: bool
    """Whether it awaits something that is no task."""
    type: str | None
    """Of an expression, where its form tells (an f-string is a `str`)."""
    span: Span


class PackKind(Enum):
    """What a `PackNode` makes."""

    LIST = "list"
    TUPLE = "tuple"
    GATHER = "gather"
    """A list of what the elements' calls return, run at once, as `asyncio.gather` does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackNode:
    """A list or tuple of operands, or a gather of calls."""

    id: NodeId
    kind: PackKind
    elements: tuple[Operand, ...]
    return_exceptions: bool
    """Of a gather; False for the others."""
    type: str | None
    span: Span


class Reason(Enum):
    """Why a statement is left to run as Python: one FC6xx rule each."""

    LOOP = "loop"
    BRANCH = "branch"
    TRY = "try"
    WITH = "with"
    COMPREHENSION = "comprehension"
    EARLY_EXIT = "early-exit"
    HELPER = "helper"
    NESTED_FUNCTION = "nested-function"
    MAP = "map"
    COROUTINE = "coroutine"
    STARRED_ARGUMENTS = "starred-arguments"
    CONDITIONAL_EVALUATION = "conditional-evaluation"
    GENERATOR = "generator"
    UNBINDABLE_CALL = "unbindable-call"
    UNBOUND_NAME = "unbound-name"
    INTROSPECTION = "introspection"


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamicNode:
    """Statements that can't be compiled yet: run as Python, and say why."""

    id: NodeId
    reason: Reason
    message: str
    """In the user's words, lowercase: "a loop that calls `double`"."""
    source: str
    inputs: tuple[tuple[str, Operand], ...]
    outputs: tuple[str, ...]
    callees: tuple[Callee, ...]
    """What it may call, in source order, each once."""
    returns: bool
    """Whether it may return from the driver: nothing after it is certain to run."""
    span: Span


Node: TypeAlias = TaskNode | TraceNode | PythonNode | PackNode | DynamicNode


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionParameter:
    """A value that enters a region."""

    name: str
    type: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """Nodes in program order, between what enters and what leaves."""

    parameters: tuple[RegionParameter, ...]
    nodes: tuple[Node, ...]
    result: Operand | None
    """What the driver returns; None where it falls off its end."""


class DriverKind(Enum):
    """How the driver was declared."""

    TASK = "task"
    COMPILED_TASK = "compiled_task"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskGraph:
    """One driver, lowered."""

    task: Callee
    kind: DriverKind
    body: Region
    result_type: str | None
    span: Span

    @property
    def dynamic_nodes(self) -> tuple[DynamicNode, ...]:
        """The nodes that keep it from being compiled; none in a compiled driver."""
        return tuple(node for node in self.body.nodes if isinstance(node, DynamicNode))
