"""The plan: a compiled module as data.

Loading a plan executes nothing and imports nothing of the user's: a plan names functions and
holds fragments' source; what they mean is looked up in the module when it first runs. It holds
no machine paths. The same source gives the same bytes.
"""

from __future__ import annotations

import msgspec

PLAN_VERSION = 1
"""Raised when a reader of the old form would misread the new one."""


class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Immutable, and strict about what it is decoded from."""


class LiteralOperand(Record, frozen=True, kw_only=True, tag_field="operand", tag="literal"):
    """A constant: JSON's own, or `bytes` and non-finite floats as text."""

    value: bool | int | float | str | None
    type: str
    """`None`, `bool`, `int`, `float`, `str` or `bytes`. `bytes` are base64 text, a float that
    JSON can't write is `nan`, `inf` or `-inf`, an int beyond 64 bits its decimal text."""


class InputOperand(Record, frozen=True, kw_only=True, tag_field="operand", tag="input"):
    """A parameter of the region."""

    name: str


class OutputOperand(Record, frozen=True, kw_only=True, tag_field="operand", tag="output"):
    """What a node gives, or the part at `path`."""

    node: str
    path: tuple[str | int, ...] = ()


Operand = LiteralOperand | InputOperand | OutputOperand


class NamedOperand(Record, frozen=True, kw_only=True):
    """An operand and the name under which it is handed on."""

    name: str
    value: Operand
    type: str | None = None


class Place(Record, frozen=True, kw_only=True):
    """Where it stands: lines and columns from 1, `end_column` exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


class TaskStep(Record, frozen=True, kw_only=True, tag_field="node", tag="task"):
    """Run a task as an action."""

    id: str
    task: str
    """`environment.function`."""
    module: str
    function: str
    inputs: tuple[NamedOperand, ...]
    overrides: tuple[NamedOperand, ...]
    type: str | None
    place: Place


class TraceStep(Record, frozen=True, kw_only=True, tag_field="node", tag="trace"):
    """Run a traced helper inside the same action."""

    id: str
    trace: str
    """`module.function`."""
    module: str
    function: str
    inputs: tuple[NamedOperand, ...]
    type: str | None
    place: Place


class PythonStep(Record, frozen=True, kw_only=True, tag_field="node", tag="python"):
    """Run a fragment of the driver's own Python."""

    id: str
    form: str
    """`expression` or `statements`."""
    source: str
    """Begins at `place`, its first line unindented, later lines as they are in the file."""
    digest: str
    inputs: tuple[NamedOperand, ...]
    """One whose operand is a variable that was left unbound is unbound inside too: only reading
    it raises."""
    outputs: tuple[str, ...]
    """Variables that it leaves behind; one that it left unbound is absent."""
    indent: str = ""
    """White space to put before the first line, so that it lines up with the later ones."""
    global_names: tuple[str, ...] = ()
    """Names that it binds in the module, not in itself: as if it began with `global`."""
    is_async: bool
    type: str | None
    place: Place


class PackStep(Record, frozen=True, kw_only=True, tag_field="node", tag="pack"):
    """Make a list or tuple, or gather calls."""

    id: str
    kind: str
    """`list`, `tuple` or `gather`."""
    elements: tuple[Operand, ...]
    return_exceptions: bool
    type: str | None
    place: Place


class DynamicStep(Record, frozen=True, kw_only=True, tag_field="node", tag="dynamic"):
    """Not compiled: the driver that holds one runs wholly as dynamic Python."""

    id: str
    code: str
    """The FC6xx rule that says why."""
    message: str
    tasks: tuple[str, ...]
    place: Place


Step = TaskStep | TraceStep | PythonStep | PackStep | DynamicStep


class PlannedParameter(Record, frozen=True, kw_only=True):
    """A parameter of a task."""

    name: str
    kind: str
    type: str | None
    default: str | None
    """Source text; evaluated by the module itself, never from here."""


class PlannedGraph(Record, frozen=True, kw_only=True):
    """A driver's body in program order."""

    nodes: tuple[Step, ...]
    result: Operand | None
    depth: int
    """Actions on the longest path."""
    width: int
    """Most actions at once."""


class PlannedTask(Record, frozen=True, kw_only=True):
    """A task of the module, or one that its drivers reach in another first-party module."""

    name: str
    module: str
    function: str
    declared: str
    """`task` or `compiled_task`."""
    is_async: bool
    parameters: tuple[PlannedParameter, ...]
    result: str | None
    digest: str
    """Of its source closure: the task's version."""
    graph: PlannedGraph | None
    """None for a leaf."""
    place: Place


class Plan(Record, frozen=True, kw_only=True):
    """One module, compiled."""

    version: int
    module: str
    file: str
    """Relative to the module's root, with `/`."""
    tasks: tuple[PlannedTask, ...]


def encode_plan(plan: Plan) -> bytes:
    """Canonical JSON: fields in declared order, two spaces, a final line break."""
    return msgspec.json.format(msgspec.json.encode(plan), indent=2) + b"\n"


def decode_plan(data: bytes) -> Plan:
    """Read a plan; nothing is executed or imported.

    Raises:
        ValueError: not a plan, or one of another version; says what is wrong and where.
    """
    try:
        version = msgspec.json.decode(data, type=_Versioned).version
    except msgspec.MsgspecError as error:
        raise ValueError(f"not a plan: {error}") from error
    if version != PLAN_VERSION:
        raise ValueError(f"a plan of version {version}; this program reads {PLAN_VERSION}")
    try:
        return msgspec.json.decode(data, type=Plan)
    except msgspec.MsgspecError as error:
        raise ValueError(f"not a valid plan: {error}") from error


class _Versioned(msgspec.Struct):
    version: int
