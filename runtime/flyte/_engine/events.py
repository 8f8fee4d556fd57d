"""What a run tells a listener while it goes on: for progress on a terminal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

EventKind = Literal["started", "retried", "succeeded", "failed", "cached", "replayed", "warning"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened to one action."""

    kind: EventKind
    action: bytes
    task: str
    parent: bytes | None = None
    """Of what starts: the action that called it."""
    message: str = ""
    """Of a warning, or of what is retried."""


Listener = Callable[[Event], None]
"""Called on the engine's thread: must be quick."""


@dataclass(slots=True)
class Counts:
    """How many of a run's actions, so far."""

    executed: int = 0
    replayed: int = 0
    cached: int = 0
    failed: int = 0
