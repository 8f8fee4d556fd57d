"""Nodes and the regions that they hold.

A node's record says what the node of the same name in the compiler's graph says: see there for
what each field means. What a reader must know to run one is said here.
"""

from __future__ import annotations

from flyte_plan.plan.operands import NamedOperand, Operand, Place, Record


class YieldEnd(Record, frozen=True, kw_only=True, tag_field="end", tag="yield"):
    """Go on after the node that holds the region."""

    variables: tuple[NamedOperand, ...] = ()
    value: Operand | None = None


class ContinueEnd(Record, frozen=True, kw_only=True, tag_field="end", tag="continue"):
    """Go on with the next turn of the loop around."""

    variables: tuple[NamedOperand, ...] = ()


class BreakEnd(Record, frozen=True, kw_only=True, tag_field="end", tag="break"):
    """Leave the loop around."""

    variables: tuple[NamedOperand, ...] = ()


class ReturnEnd(Record, frozen=True, kw_only=True, tag_field="end", tag="return"):
    """Leave the driver or the helper with a result."""

    value: Operand


class StopEnd(Record, frozen=True, kw_only=True, tag_field="end", tag="stop"):
    """Never gets here."""


End = YieldEnd | ContinueEnd | BreakEnd | ReturnEnd | StopEnd


class Region(Record, frozen=True, kw_only=True):
    """Nodes in program order, and what comes after them."""

    nodes: tuple[Node, ...]
    end: End


class TaskNode(Record, frozen=True, kw_only=True, tag_field="node", tag="task"):
    """Run a task as an action."""

    id: str
    task: str
    """`environment.function`; of a callee that is a value, its text."""
    module: str | None
    """None for a callee that is a value."""
    function: str | None
    callee: Operand | None
    """The callee that is a value. One that is no task is called as Python would."""
    candidates: tuple[str, ...] = ()
    inputs: tuple[NamedOperand, ...]
    """By parameter; `0`, `1`, …: positional; `*`, `**`: unpacked. In the order of evaluation."""
    overrides: tuple[NamedOperand, ...]
    """`**`: unpacked."""
    deferred: bool
    type: str | None
    place: Place


class TraceNode(Record, frozen=True, kw_only=True, tag_field="node", tag="trace"):
    """Run a traced helper inside the same action."""

    id: str
    trace: str
    """`module.function`."""
    module: str
    function: str
    inputs: tuple[NamedOperand, ...]
    deferred: bool
    type: str | None
    place: Place


class HelperNode(Record, frozen=True, kw_only=True, tag_field="node", tag="helper"):
    """Run one of the graph's helpers. An unbound or absent parameter takes its default from the
    function itself."""

    id: str
    helper: str
    inputs: tuple[NamedOperand, ...]
    deferred: bool
    type: str | None
    place: Place


class FunctionNode(Record, frozen=True, kw_only=True, tag_field="node", tag="function"):
    """Make a function object whose calls run a helper."""

    id: str
    helper: str
    captures: tuple[NamedOperand, ...]
    defaults: tuple[NamedOperand, ...]
    place: Place


class PythonNode(Record, frozen=True, kw_only=True, tag_field="node", tag="python"):
    """Run a fragment of the driver's own Python."""

    id: str
    form: str
    """`expression` or `statements`."""
    kind: str
    """`pure`, `local`, `output` or `effect`."""
    source: str
    """Begins at `place`, its first line unindented, later lines as they are in the file."""
    digest: str
    inputs: tuple[NamedOperand, ...]
    """One whose operand is a variable that was left unbound is unbound inside too: only reading
    it raises. One that is shared is a free variable of the fragment, with the cell under it."""
    outputs: tuple[str, ...]
    """Variables that it leaves behind; one that it left unbound is absent."""
    indent: str = ""
    """White space to put before the first line, so that it lines up with the later ones."""
    global_names: tuple[str, ...] = ()
    """Names that it binds in the module, not in itself: as if it began with `global`."""
    is_async: bool
    decides: bool
    runs: tuple[str, ...] = ()
    """Helpers that it may run as Python: to be looked at, not to be executed."""
    type: str | None
    place: Place


class PackNode(Record, frozen=True, kw_only=True, tag_field="node", tag="pack"):
    """Make a list, tuple or dict, or gather."""

    id: str
    kind: str
    """`list`, `tuple`, `dict` (keys and values in turn) or `gather`."""
    elements: tuple[Operand, ...]
    unpacked: tuple[int, ...] = ()
    """Indices of elements that are iterables unpacked in place."""
    return_exceptions: Operand | None = None
    """Of a gather."""
    deferred: bool = False
    type: str | None
    place: Place


class AwaitNode(Record, frozen=True, kw_only=True, tag_field="node", tag="await"):
    """Wait for what an earlier node began."""

    id: str
    awaited: Operand
    type: str | None
    place: Place


class YieldNode(Record, frozen=True, kw_only=True, tag_field="node", tag="yield"):
    """Hand a value out of a generator: only in helpers that run as Python."""

    id: str
    value: Operand
    is_from: bool
    """`yield from`."""
    place: Place


class Arm(Record, frozen=True, kw_only=True):
    """One way that a branch may go."""

    label: str
    body: Region


class BranchNode(Record, frozen=True, kw_only=True, tag_field="node", tag="branch"):
    """One of several regions."""

    id: str
    choice: str
    """`truth`: the first of two arms where the test is true; `index`: the arm of that number."""
    test: Operand
    arms: tuple[Arm, ...]
    type: str | None
    place: Place


class LoopNode(Record, frozen=True, kw_only=True, tag_field="node", tag="loop"):
    """A region repeated in order."""

    id: str
    kind: str
    """`for`, `async for` or `while`."""
    iterable: Operand | None
    test: Region | None
    body: Region
    orelse: Region | None
    carried: tuple[NamedOperand, ...]
    collected: str
    """`nothing`, `list`, `set` or `dict`."""
    label: str
    type: str | None
    place: Place


class MapNode(Record, frozen=True, kw_only=True, tag_field="node", tag="map"):
    """A region for each element, unordered, joined in order."""

    id: str
    kind: str
    """`map`, `gather` or `statements`."""
    iterables: tuple[Operand, ...]
    body: Region
    options: tuple[NamedOperand, ...]
    is_async: bool
    deferred: bool
    collected: str
    label: str
    type: str | None
    place: Place


class Handler(Record, frozen=True, kw_only=True):
    """One `except` of a `try`."""

    types: Region | None
    label: str
    body: Region


class TryNode(Record, frozen=True, kw_only=True, tag_field="node", tag="try"):
    """`try`: entered and left in order."""

    id: str
    body: Region
    handlers: tuple[Handler, ...]
    orelse: Region | None
    final: Region | None
    is_group: bool
    place: Place


class WithNode(Record, frozen=True, kw_only=True, tag_field="node", tag="with"):
    """`with` one context manager."""

    id: str
    manager: Operand
    body: Region
    is_async: bool
    group: Operand | None
    otherwise: tuple[NamedOperand, ...] = ()
    """What the outputs are where the manager swallowed an exception."""
    label: str
    place: Place


class DynamicNode(Record, frozen=True, kw_only=True, tag_field="node", tag="dynamic"):
    """Not compiled: the driver that holds one runs wholly as dynamic Python."""

    id: str
    code: str
    """The FC6xx rule that says why."""
    message: str
    tasks: tuple[str, ...]
    place: Place


Node = (
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
