"""Single flight: of equal cached calls that are asked for at once, one runs and the others wait.

Who waits is given the value that the first one gave, never its error and never its cancellation:
then the next in line runs, with its own retries. A call made below the one that it would wait
for runs by itself. All on the engine's thread.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from flyte._journal.records import Outcome

Cancel = Callable[[], None]
Start = Callable[[Callable[[Outcome], None]], Cancel]
"""Starts a call's attempts; told its outcome, unless it is cancelled."""


class End(Protocol):
    """What a call's outcome is told to."""

    def __call__(self, outcome: Outcome, *, cached: bool = False) -> None:
        """It has ended, or was given another call's value."""


@dataclass(eq=False, slots=True)
class _InLine:
    """A call that runs, or waits for the one that does."""

    call: bytes
    start: Start
    end: End
    cancel: Cancel | None = None


class Flights:
    """The cached calls of one run that are going on, by cache key: first who runs."""

    def __init__(self) -> None:
        self._lines: dict[bytes, deque[_InLine]] = {}
        self._drivers: dict[bytes, bytes] = {}

    def begin(
        self, key: bytes | None, call: bytes, driver: bytes, start: Start, end: End
    ) -> Cancel:
        """Start a call or let it wait; what gives it up."""
        self._drivers[call] = driver
        line = None if key is None else self._lines.get(key)
        if key is None or (line is not None and self._is_below(driver, line[0].call)):
            return start(end)
        own = _InLine(call, start, end)
        if line is None:
            self._lines[key] = deque([own])
            self._run_first(key)
        else:
            line.append(own)
        return partial(self._give_up, key, own)

    def forget(self, call: bytes) -> None:
        """A call has ended."""
        self._drivers.pop(call, None)

    def _run_first(self, key: bytes) -> None:
        first = self._lines[key][0]
        first.cancel = first.start(partial(self._landed, key, first))

    def _landed(self, key: bytes, first: _InLine, outcome: Outcome) -> None:
        first.end(outcome)
        line = self._lines.get(key)
        if line is None or line[0] is not first:
            return  # it was given up, and another one runs
        if outcome.kind == "error":
            self._leave(key)
            return
        del self._lines[key]
        line.popleft()
        for waiting in line:
            waiting.end(outcome, cached=True)

    def _give_up(self, key: bytes, own: _InLine) -> None:
        line = self._lines.get(key, deque())
        if line and line[0] is own:
            self._leave(key)
        elif own in line:
            line.remove(own)
        if own.cancel is not None:
            own.cancel()

    def _leave(self, key: bytes) -> None:
        line = self._lines[key]
        line.popleft()
        if line:
            self._run_first(key)
        else:
            del self._lines[key]

    def _is_below(self, action: bytes, above: bytes) -> bool:
        current: bytes | None = action
        while current is not None and current != above:
            current = self._drivers.get(current)
        return current == above
