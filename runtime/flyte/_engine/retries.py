"""All attempts of one call, one after the other, until one is final.

An attempt that fails, or takes longer than it may, is followed by another while the task's
`retries` last; each failure is recorded with the time before which nothing follows, so that a
resumed run neither forgets one nor hurries. What was sure to fail again isn't tried again.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Protocol

from flyte._engine.calls import Call
from flyte._engine.failure import decode_error, encode_error, exhausted
from flyte._journal.records import FailedAttempt, Outcome
from flyte._retry import RetryStrategy
from flyte.errors import (
    DeadlineExceededError,
    MaxQueuedTimeExceededError,
    MaxRuntimeExceededError,
    NonRecoverableError,
    TaskTimeoutError,
)

if TYPE_CHECKING:
    from flyte._engine.run import RunExecution

_FINAL = (NonRecoverableError, DeadlineExceededError)
"""What another attempt wouldn't cure."""


def may_retry(retries: RetryStrategy, number: int, outcome: Outcome) -> float | None:
    """The seconds before another attempt follows the one of that number; None where none does."""
    if outcome.kind == "value" or number >= retries.count:
        return None
    if isinstance(decode_error(outcome.payload), _FINAL):
        return None
    return 0.0 if retries.backoff is None else retries.backoff.delay(number).total_seconds()


def final_outcome(retries: RetryStrategy, number: int, outcome: Outcome) -> Outcome:
    """What a call gives whose last attempt has that number: an error of it says, too, that the
    retries are exhausted."""
    if outcome.kind == "value" or number == 0 or number < retries.count:
        return outcome
    return Outcome("error", exhausted(outcome.payload))


def failed_attempt(action: bytes, number: int, outcome: Outcome, pause: float) -> FailedAttempt:
    """The record of an attempt that another one follows."""
    now = time.time()
    return FailedAttempt(action, number, outcome.payload, now, now + pause)


class Running(Protocol):
    """One attempt that goes on."""

    def cancel(self) -> None:
        """The driver gave it up."""

    def interrupt(self) -> None:
        """It took too long: stop it, by force where need be."""


class Start(Protocol):
    """What starts one attempt of a call."""

    def __call__(
        self,
        call: Call,
        number: int,
        on_end: Callable[[Outcome], None],
        on_start: Callable[[], None],
        on_failed: Callable[[FailedAttempt], None],
    ) -> Running:
        """`on_start` is called when its body begins; `on_end` may come after an interrupt, or out
        of one. `on_failed` comes instead where a worker has recorded that another is to follow."""


class Retrying:
    """A call's attempts; on the engine's thread."""

    def __init__(
        self, run: RunExecution, call: Call, start: Start, on_end: Callable[[Outcome], None]
    ) -> None:
        self._run = run
        self._call = call
        self._start = start
        self._on_end = on_end
        self._retries: RetryStrategy = call.target.options.retries
        self._limits = call.target.options.timeout.seconds()
        self._failed = list(run.failed_attempts(call.id))
        self._running: Running | None = None
        self._timers: list[asyncio.TimerHandle] = []
        self._deadline: asyncio.TimerHandle | None = None
        self._is_over = False

    def begin(self) -> None:
        """Start the next attempt, once it may."""
        _, _, deadline = self._limits
        if deadline is not None:
            left = self._run.first_started(self._call.id) + deadline - time.time()
            expire = partial(self._expire_for_good, deadline)
            self._deadline = self._run.engine.loop.call_later(max(0.0, left), self._guarded, expire)
        pause = self._failed[-1].not_before - time.time() if self._failed else 0.0
        if pause > 0:
            self._after(pause, self._attempt)
        else:
            self._attempt()

    def cancel(self) -> None:
        """The driver gave the call up."""
        self._close()
        if self._running is not None:
            self._running.cancel()

    def _attempt(self) -> None:
        number = len(self._failed)
        limit, queue, _ = self._limits
        if queue is not None:
            late = MaxQueuedTimeExceededError(f"it waited longer than {_shown(queue)} for a slot")
            self._after(queue, partial(self._expire, number, late))
        self._running = self._start(
            self._call,
            number,
            partial(self._ended, number),
            partial(self._started, number, limit),
            partial(self._failed_there, number),
        )

    def _started(self, number: int, limit: float | None) -> None:
        if self._is_over or number != len(self._failed):
            return
        self._stop_timers()
        if limit is not None:
            late = MaxRuntimeExceededError(f"it ran longer than {_shown(limit)}")
            self._after(limit, partial(self._expire, number, late))

    def _ended(self, number: int, outcome: Outcome) -> None:
        if self._is_over or number != len(self._failed):
            return  # too late: it was interrupted
        self._stop_timers()
        if outcome.is_recorded:
            self._finish(outcome)
            return
        pause = may_retry(self._retries, number, outcome)
        if pause is None:
            self._finish(final_outcome(self._retries, number, outcome))
            return
        self._follow(failed_attempt(self._call.id, number, outcome, pause))

    def _failed_there(self, number: int, failed: FailedAttempt) -> None:
        """As `_ended`, for what a worker has recorded."""
        if not self._is_over and number == len(self._failed):
            self._stop_timers()
            self._follow(failed)

    def _follow(self, failed: FailedAttempt) -> None:
        """Another attempt is to follow."""
        self._failed.append(failed)
        self._run.record_failed_attempt(self._call, failed)
        self._after(failed.not_before - time.time(), self._attempt)

    def _expire(self, number: int, error: TaskTimeoutError) -> None:
        if self._running is not None:
            self._running.interrupt()
        self._ended(number, Outcome("error", encode_error(error)))

    def _expire_for_good(self, deadline: float) -> None:
        if self._running is not None:
            self._running.interrupt()  # out of which it may end, or fail
        error = DeadlineExceededError(f"it took longer than {_shown(deadline)} all in all")
        self._ended(len(self._failed), Outcome("error", encode_error(error)))

    def _finish(self, outcome: Outcome) -> None:
        self._close()
        self._on_end(outcome)

    def _close(self) -> None:
        self._is_over = True
        self._stop_timers()
        if self._deadline is not None:
            self._deadline.cancel()

    def _after(self, seconds: float, function: Callable[[], None]) -> None:
        loop = self._run.engine.loop
        self._timers.append(loop.call_later(max(0.0, seconds), self._guarded, function))

    def _guarded(self, function: Callable[[], None]) -> None:
        if not self._is_over and not self._run.is_stopped:
            self._run.guard(function)

    def _stop_timers(self) -> None:
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()


def _shown(seconds: float) -> str:
    return f"{seconds:g} s"
