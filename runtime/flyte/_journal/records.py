"""The rows of the journal, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

OutcomeKind = Literal["value", "error"]
RunPhase = Literal["running", "succeeded", "failed", "aborted"]
Mode = Literal["dynamic", "compiled"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """An action's one recorded result: an encoded value, or an encoded error."""

    kind: OutcomeKind
    payload: bytes
    is_recorded: bool = field(default=False, compare=False)
    """Whether a worker has written it into the journal already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """One top-level invocation, with what it takes to resume it."""

    name: str
    task: str
    """`environment.function`."""
    source: str
    """The file that defines the task. A machine path: the journal stays on its machine."""
    mode: Mode
    plan: bytes | None
    """The plan that a compiled run follows; None for a dynamic one."""
    arguments: bytes
    python: str
    """`major.minor`: resuming on another counts as changed code."""
    durability: str
    executor: str
    workers: int | None
    phase: RunPhase
    created: float
    resumed: float | None
    """When a process last took it up again."""
    ended: float | None
    alive: bool = False
    """Whether a process holds the run now; meaningful while it is `running`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionRecord:
    """One durable call, and its outcome where it has one."""

    id: bytes
    parent: bytes | None
    kind: str
    task: str
    version: bytes | None
    """Of the task when it was called; None where it has none (no source)."""
    slot: str
    """Readable: which call of its driver this is."""
    inputs: bytes
    group: str | None
    file: str
    line: int
    """The call's place in the driver's source; 0 for the root."""
    started: float
    ended: float | None
    attempts: int
    """How often it was started."""
    cached: bool
    outcome: Outcome | None
    driver_attempt: int = 0
    """In which attempt of its driver it was first called, from 0."""


@dataclass(frozen=True, slots=True)
class FailedAttempt:
    """An attempt of an action that another one follows, or is to follow."""

    action: bytes
    number: int
    """From 0."""
    error: bytes
    ended: float
    not_before: float
    """When the next one may start: seconds since the epoch."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One step in the order in which a driver saw outcomes."""

    action: bytes
    abandoned: bool
    """The driver cancelled the call instead: its outcome, if any, is never delivered."""
