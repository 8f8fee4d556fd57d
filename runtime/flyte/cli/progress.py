"""What a run tells while it goes on: plain lines on standard error."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from flyte.cli.exits import note

if TYPE_CHECKING:
    from flyte._engine.events import Event

LINES = 50
"""After so many finished actions, counts only."""
PAUSE = 1.0
"""Seconds between two lines of counts."""

_ENDED = ("succeeded", "failed", "cached", "replayed")


@dataclass(slots=True)
class Progress:
    """A listener: one line an ended action, then lines of counts. Called on the engine's thread."""

    clock: Callable[[], float] = time.monotonic
    _counts: dict[str, int] = field(default_factory=dict)
    _shown: int = 0
    _last: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, event: Event) -> None:
        """Show one event."""
        with self._lock:
            if event.kind == "warning":
                note(f"warning: `{event.task}`: {event.message}")
            elif event.kind == "retried":
                note(f"{event.kind:9}  {event.task}: {event.message}")
            elif event.kind in _ENDED:
                self._count(event.kind)
                self._show(event)

    def _count(self, kind: str) -> None:
        self._counts[kind] = self._counts.get(kind, 0) + 1

    def _show(self, event: Event) -> None:
        if self._shown < LINES:
            self._shown += 1
            note(f"{event.kind:9}  {event.task}")
            return
        now = self.clock()
        if now - self._last >= PAUSE:
            self._last = now
            note("actions: " + ", ".join(f"{n} {kind}" for kind, n in self._counts.items()))
