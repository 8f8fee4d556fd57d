"""What a comparison found: tasks that came and went, what changed in the others, and which
recorded results stay valid."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias


class Presence(Enum):
    """What became of something that only a closer look tells apart from its old self."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class Trait(Enum):
    """A property of a task that is one of a few words."""

    NAME = "name"
    MODULE = "module"
    """Digests cover their definitions' names, so of what moved with the task no body and no part
    can be said to have changed."""
    DECLARED = "declared"
    """`task` or `compiled_task`."""
    KIND = "kind"
    """`leaf` or `driver`."""
    CALLING = "calling"
    """`sync` or `async`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TraitChanged:
    """A trait is another one."""

    trait: Trait
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyChanged:
    """The task's own definition differs: its statements, or its signature."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterChanged:
    """A parameter came, went, or is written otherwise."""

    name: str
    old: str | None
    """As in source: `limit: int = 10`. None where it isn't there."""
    new: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParametersReordered:
    """The same parameters in another order."""

    old: tuple[str, ...]
    new: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultChanged:
    """The result's annotation differs; None where there is none."""

    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionChanged:
    """An argument of the task's decorator differs; None where it isn't given."""

    name: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartChanged:
    """A definition that the task's source closure reaches differs."""

    part: str
    """`module:qualified.name`; `module:*` is a whole module."""
    presence: Presence


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionChanged:
    """The version differs, and nothing that the plans hold says why."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Reason:
    """Why a driver stays dynamic, as its FC6xx rule says it."""

    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionChanged:
    """A driver is compiled where it was dynamic, the reverse, or dynamic for other reasons."""

    old: str
    """`compiled` or `dynamic`."""
    new: str
    reasons: tuple[Reason, ...]
    """Of the new one, sorted; none where it is compiled."""


class OriginKind(Enum):
    """Where a value was before it was computed with."""

    CALL = "call"
    PARAMETER = "parameter"
    LITERAL = "literal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """One place that a value may come from."""

    kind: OriginKind
    name: str
    """The task or trace called, the driver's parameter, or the literal as text."""

    @property
    def sort_key(self) -> tuple[str, str]:
        """By kind, then by name."""
        return self.kind.value, self.name


Origins: TypeAlias = tuple[Origin, ...]
"""Sorted. None at all: made by the driver's own Python of nothing that came in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallsChanged:
    """A driver calls a task, or a trace, more or less often, by places in source."""

    callee: str
    old: int
    new: int
    within: tuple[str, ...]
    """What the calls that came or went stand in, each once: `a loop`, `a branch`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallMoved:
    """A call stands in something else: in a loop where it stood in none."""

    callee: str
    old: tuple[str, ...]
    """From the outside in."""
    new: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArgumentChanged:
    """An argument of a call may come from elsewhere; None where the call doesn't have it."""

    callee: str
    argument: str
    old: Origins | None
    new: Origins | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeChanged:
    """What a driver returns may come from elsewhere."""

    old: Origins
    new: Origins


Change: TypeAlias = (
    TraitChanged
    | BodyChanged
    | ParameterChanged
    | ParametersReordered
    | ResultChanged
    | OptionChanged
    | PartChanged
    | VersionChanged
    | ExecutionChanged
    | CallsChanged
    | CallMoved
    | ArgumentChanged
    | OutcomeChanged
)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class TaskName:
    """A task as it is named in a report."""

    name: str
    """`environment.function`."""
    module: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedTask:
    """A task that both sides have, under its new name."""

    task: TaskName
    changes: tuple[Change, ...]
    """At least one."""


class CauseKind(Enum):
    """Why a recorded result isn't reused."""

    NAME = "name"
    """It is recorded under the task's old name."""
    MODULE = "module"
    BODY = "body"
    PART = "part"
    """A definition that the task reaches differs: `name`."""
    CACHE = "cache"
    """The option that says what it is cached under differs."""
    VERSION = "version"
    CALLEE = "callee"
    """A task that it can reach changed: `name`."""
    CALLEE_ADDED = "callee-added"
    """It can reach a task that it could not: `name`."""
    CALLEE_REMOVED = "callee-removed"
    """It could reach a task that it can't any more: `name`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """The first thing that keeps a recorded result from being reused."""

    kind: CauseKind
    name: str | None = None
    through: tuple[str, ...] = ()
    """The tasks between a driver and the callee `name`, in the order of the calls."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedResult:
    """What becomes of a task's recorded results: reused where there is no cause against it."""

    task: TaskName
    cause: Cause | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Everything, sorted by name."""

    added: tuple[TaskName, ...]
    removed: tuple[TaskName, ...]
    changed: tuple[ChangedTask, ...]
    results: tuple[RecordedResult, ...]
    """Of every task that both sides have."""
    pinned: tuple[TaskName, ...]
    """Tasks of another version, whose recorded results a resumed run keeps and warns of. Those
    of a renamed task it doesn't find."""

    @property
    def is_empty(self) -> bool:
        """Whether the two programs are the same."""
        return not (self.added or self.removed or self.changed)
