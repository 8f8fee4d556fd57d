"""What a run tells while it goes on: plain lines on standard error."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from flyte.cli.exits import note

if TYPE_CHECKING:
    from flyte._engine.events import Event
    from flyte.cli.live import Live

LINES = 50
"""After so many finished actions, counts only."""
PAUSE = 1.0
"""Seconds between two lines of counts."""

_ENDED = ("succeeded", "failed", "cached", "replayed")


def listener(*, no_progress: bool) -> Live | Progress | None:
    """What tells how a run goes on: a tree on a terminal, lines elsewhere, or nothing."""
    if no_progress:
        return None
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        return Progress()
    from flyte.cli.live import Live  # noqa: PLC0415 - on terminals alone

    return Live(sys.stderr, colors="NO_COLOR" not in os.environ)


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
        from flyte._logs import unkept  # noqa: PLC0415 - the engine has loaded it

        with self._lock, unkept():
            if event.kind == "warning":
                note(f"warning: `{event.task}`: {event.message}")
            elif event.kind == "retried":
                note(f"{event.kind:9}  {event.task}: {event.message}")
            elif event.kind in _ENDED:
                self._count(event.kind)
                self._show(event)

    def close(self) -> None:
        """Nothing is left to tell."""

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
