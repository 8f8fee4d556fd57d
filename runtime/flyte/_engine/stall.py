"""When a replay that can't go on counts as diverged."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

REPLAY_STALL = 30.0
"""Seconds that a replay may wait for something that isn't ours before it counts as diverged."""


class Stall:
    """One driver's waiting, in a replay, for something that isn't ours."""

    def __init__(self) -> None:
        self._since: float | None = None

    def is_divergence(self, *, may_end: bool, look_again: Callable[[], None]) -> bool:
        """Whether the driver, which has not asked for a record, never will.

        `may_end` says that something that isn't ours may still wake it; then `look_again` is
        called when the patience with that has run out.
        """
        if not may_end:
            return True
        if self._since is None:
            self._since = time.monotonic()
            # No timer of the loop: that would itself look like a wait for something not ours.
            timer = threading.Timer(REPLAY_STALL + 0.1, look_again)
            timer.daemon = True
            timer.start()
        return time.monotonic() - self._since >= REPLAY_STALL

    def end(self) -> None:
        """The driver went on."""
        self._since = None
