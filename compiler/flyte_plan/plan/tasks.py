"""Tasks, and the plan that holds them."""

from __future__ import annotations

from flyte_plan.plan.nodes import Region
from flyte_plan.plan.operands import Place, Record

PLAN_VERSION = 3
"""Raised when a reader of the old form would misread the new one."""


class PlannedHelper(Record, frozen=True, kw_only=True):
    """A first-party function that calls tasks: run by `HelperNode`s and `FunctionNode`s, or by
    Python itself on behalf of `PythonNode`s.

    Its fragments run in the globals of `module`.
    """

    id: str
    name: str
    module: str
    function: str
    is_async: bool
    parameters: tuple[str, ...]
    signature: str
    captures: tuple[str, ...]
    cells: tuple[str, ...]
    body: Region
    place: Place


class PlannedParameter(Record, frozen=True, kw_only=True):
    """A parameter of a task."""

    name: str
    kind: str
    type: str | None
    default: str | None
    """Source text; evaluated by the module itself, never from here."""


class PlannedGraph(Record, frozen=True, kw_only=True):
    """A driver's body in program order."""

    body: Region
    cells: tuple[str, ...]
    helpers: tuple[PlannedHelper, ...]
    compiled: bool
    """Whether no node in it is dynamic."""
    actions: int
    """Calls of tasks and traces, each place in source once."""
    depth: int
    """Actions on the longest path."""
    width: int
    """Most actions at once."""
    critical_path: tuple[str, ...]
    """The nodes that are actions on one longest path, in order."""


class PlannedOption(Record, frozen=True, kw_only=True):
    """An option of a task's decorator, as written."""

    name: str
    text: str


class PlannedPart(Record, frozen=True, kw_only=True):
    """One definition that a task's source closure reaches."""

    name: str
    """`module:qualified.name`."""
    digest: str


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
    options: tuple[PlannedOption, ...]
    digest: str
    """Of its source closure: the task's version."""
    parts: tuple[PlannedPart, ...]
    """What the closure reaches, the task's own function first."""
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
