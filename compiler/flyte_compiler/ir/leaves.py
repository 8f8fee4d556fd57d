"""Nodes without regions: calls, Python, packs, and what couldn't be compiled."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from flyte_compiler.ir.values import Callee, NodeId, Operand, ValueCallee, Variables
from flyte_compiler.source.span import Span


class Start(Enum):
    """When a call begins."""

    IN_PLACE = "in place"
    """Where it stands, and its result is the node's value."""
    DEFERRED = "deferred"
    """When somebody awaits the node's value, which is a coroutine of its own. Its arguments are
    snapshots from where the call stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskNode:
    """Run a task as an action of its own."""

    id: NodeId
    callee: Callee | ValueCallee
    inputs: tuple[tuple[str, Operand], ...]
    """In the order in which the call evaluates them: by the callee's parameter names; `0`, `1`, …
    for a positional argument of a callee whose parameters aren't known; `*` and `**` for one that
    is unpacked. Parameters left to their defaults are absent."""
    input_types: tuple[str | None, ...]
    """The callee's annotations for `inputs`, in the same order."""
    overrides: tuple[tuple[str, Operand], ...]
    """Options of `.override(...)`; `**` for one that is unpacked."""
    start: Start
    type: str | None
    """The callee's declared result."""
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceNode:
    """Run a traced helper: a checkpoint inside the same action.

    Its value, where the helper is a generator, is the iterator.
    """

    id: NodeId
    callee: Callee
    inputs: tuple[tuple[str, Operand], ...]
    """As a task's."""
    input_types: tuple[str | None, ...]
    start: Start
    type: str | None
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class HelperNode:
    """Run a first-party function that calls tasks: one of the graph's helpers."""

    id: NodeId
    helper: NodeId
    name: str
    """To be shown: the helper's."""
    inputs: tuple[tuple[str, Operand], ...]
    """As a task's, by the helper's parameters; then its captured variables."""
    start: Start
    type: str | None
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionNode:
    """Make a function object of a nested function or `lambda` that calls tasks, to be called by
    Python code: each call runs the helper."""

    id: NodeId
    helper: NodeId
    name: str
    captures: Variables
    """Captured variables that aren't shared; their values at this moment stay."""
    defaults: tuple[tuple[str, Operand], ...]
    """By parameter, in order."""
    span: Span


class FragmentForm(Enum):
    """What a fragment's source is."""

    EXPRESSION = "expression"
    """Its value is the node's output."""
    STATEMENTS = "statements"
    """Its outputs are the variables that it leaves behind: `Output(node, (name,))`."""


class FragmentKind(Enum):
    """What a fragment may do, decided conservatively: how free it is to move."""

    PURE = "pure"
    """It computes from values that nothing can change."""
    LOCAL = "local"
    """It changes, or reads, only objects that this driver built and handed to nothing but
    tasks."""
    OUTPUT = "output"
    """It prints or logs."""
    EFFECT = "effect"
    """Anything else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PythonNode:
    """Plain Python between calls.

    `source` is the user's own text from `span.start` on (its first line unindented, later lines
    as they are), where each call inside was replaced by an input's name in parentheses, keeping
    its line breaks: so that a traceback shows the user's own line.
    """

    id: NodeId
    form: FragmentForm
    kind: FragmentKind
    source: str
    inputs: tuple[tuple[str, Operand], ...]
    """Local names that it reads, by name. One whose operand is a variable that was left unbound
    is unbound inside too: only reading it raises. One that is `Shared` is the variable itself."""
    outputs: tuple[str, ...]
    """Local names that it leaves bound and that are read later. A name that it may leave
    unbound is among its inputs where it was bound before. A shared one is never among them."""
    indent: str
    """The white space before the driver's statements: with it before the first line, statements
    line up."""
    global_names: tuple[str, ...]
    """Names that the driver declares `global` elsewhere, and the fragment binds."""
    is_async: bool
    """Whether it awaits something that is no task."""
    decides: bool
    """Whether an exception out of it is the program's own decision: `assert` or `raise`."""
    runs: tuple[NodeId, ...] = ()
    """Helpers that its Python may run by itself, calls and all: as the functions that they are,
    with what Python has around them (a generator's object, a decorator's wrapper)."""
    type: str | None
    """Of an expression, where its form tells (an f-string is a `str`)."""
    span: Span


class PackKind(Enum):
    """What a `PackNode` makes."""

    LIST = "list"
    TUPLE = "tuple"
    DICT = "dict"
    """Of elements that are keys and values in turn."""
    GATHER = "gather"
    """A list of what the elements give when awaited, run at once, as `asyncio.gather` does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackNode:
    """A list, tuple or dict of operands, or a gather."""

    id: NodeId
    kind: PackKind
    elements: tuple[Operand, ...]
    unpacked: tuple[int, ...]
    """The indices of elements that are iterables unpacked in place: `*xs`. None in a dict."""
    return_exceptions: Operand
    """Of a gather; `Literal(False)` for the others."""
    start: Start
    """Of a gather; the others are made in place."""
    type: str | None
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class AwaitNode:
    """Wait for what an earlier node began: `await pending`."""

    id: NodeId
    awaited: Operand
    type: str | None
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class YieldNode:
    """Hand a value out of a generator, and wait to be gone on with: what is sent is its value.

    It stands in helpers that no node calls: Python runs them.
    """

    id: NodeId
    value: Operand
    is_from: bool
    """`yield from`: each value of an iterable, and its value is what that returns."""
    span: Span


class Reason(Enum):
    """Why a statement is left to run as Python: one FC6xx rule each."""

    MATCH_GUARD = "match-guard"
    GENERATOR_EXPRESSION = "generator-expression"
    NESTED_DEFINITION = "nested-definition"
    MAP = "map"
    UNPACKED_OPTIONS = "unpacked-options"
    CONDITIONAL_EVALUATION = "conditional-evaluation"
    GENERATOR = "generator"
    UNBINDABLE_CALL = "unbindable-call"
    INTROSPECTION = "introspection"
    COMPUTED_TARGET = "computed-target"
    COMPREHENSION_FUNCTION = "comprehension-function"


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamicNode:
    """Statements that can't be compiled: run as Python, and say why."""

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
