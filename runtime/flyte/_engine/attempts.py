"""Attempts: physical executions of task bodies, each where it belongs.

In this process an asynchronous body, and a plan, run on the engine's loop, and a synchronous body
on a thread; a leaf may run in a worker process instead (`flyte._workers.placement` decides).
Whatever happens in a body ends in an outcome, except a cancellation by its driver or by the
run's end, which ends in nothing.
"""

from __future__ import annotations

import asyncio
import contextvars
import os
import time
from collections.abc import Callable, Coroutine
from functools import partial
from typing import TYPE_CHECKING, Any

from flyte._context import CURRENT_DRIVER
from flyte._custom_context import CUSTOM_CONTEXT
from flyte._engine.action import Action
from flyte._engine.calls import Call
from flyte._engine.carry import reach
from flyte._engine.compiled import run_driver, run_driver_blocking
from flyte._engine.failure import encode_error
from flyte._engine.interrupt import Interruptible
from flyte._engine.results import as_called, settle_result
from flyte._engine.retries import Retrying, Running, failed_attempt, final_outcome, may_retry
from flyte._engine.stop import RunStopped
from flyte._engine.threads import ThreadSlots
from flyte._engine.values import encode_value
from flyte._journal.records import FailedAttempt, Outcome, RunRecord
from flyte._retry import RetryStrategy, Timeout
from flyte._workers.attempts import Attempt, Watched
from flyte._workers.clock import ThreadClock
from flyte._workers.costs import Spent
from flyte._workers.placement import Placement

if TYPE_CHECKING:
    from flyte._engine.run import RunExecution

OnEnd = Callable[[Outcome], None]


class Attempts:
    """The attempts of one run, and the slots that its synchronous bodies share."""

    def __init__(self, run: RunExecution, record: RunRecord, *, is_resumed: bool) -> None:
        self._run = run
        self._tasks: set[asyncio.Task[None]] = set()
        threads = 1 if record.executor == "inline" else record.workers
        self.slots = ThreadSlots(threads or min(32, (os.cpu_count() or 1) + 4))
        self.placement = Placement(run, record, is_resumed=is_resumed)

    def start(self, call: Call, on_end: OnEnd) -> Callable[[], None]:
        """Run a call's body, again where its task's options ask for it; what cancels it. On the
        engine's thread."""
        if call.target.options.has_one_attempt:
            return self.start_once(call, 0, on_end).cancel
        retrying = Retrying(self._run, call, self.start_once, on_end)
        retrying.begin()
        return retrying.cancel

    def start_once(
        self,
        call: Call,
        number: int,
        on_end: OnEnd,
        on_start: Callable[[], None] | None = None,
        on_failed: Callable[[FailedAttempt], None] | None = None,
    ) -> Running:
        """One attempt."""
        if self.placement.stays(call.target):
            return self._start_here(call, number, on_end, on_start, on_failed)
        here = partial(self._start_here, call, number, on_end, on_start, on_failed)
        attempt = Attempt(
            call=call, number=number, on_end=on_end, on_start=on_start, on_failed=on_failed,
            here=here,
        )  # fmt: skip
        return self.placement.start(attempt)

    def _start_here(
        self,
        call: Call,
        number: int,
        on_end: OnEnd,
        on_start: Callable[[], None] | None,
        on_failed: Callable[[FailedAttempt], None] | None,
    ) -> Watched:
        """One attempt in this process."""
        reach(call.target.function)
        action = Action(self._run, call.id, call.name, number)
        context = self._context_of(action, call)
        if call.target.interface.is_async:
            graph = self._run.graph_of(call)
            body = _run_body(call) if graph is None else run_driver(action, call, graph)
            if on_start is not None:
                on_start()
            return self._spawn(body, action, context, on_end)
        elsewhere = partial(self.start_once, call, number, on_end, on_start, on_failed)
        running = _RunningThread(action, elsewhere)
        running.may_move = not self.placement.is_heavy(call.target)
        self.slots.start(lambda: self._run_thread(running, call, context, on_end, on_start))
        return running

    def run_at_once(self, parent: Action, call: Call) -> Outcome:
        """Run a synchronous body on the calling thread, which is the engine's own.

        What an asynchronous driver gets that calls a synchronous task without `.aio`: the loop
        stands still meanwhile.
        """
        recorded = parent.admit_at_once(call)
        if recorded is not None:
            return recorded
        with parent.recording():
            self._run.record_intent(parent.id, call)
            kept = self._run.reuse.lookup(call)
        if kept is None:
            outcome = self._try_at_once(call)
        else:
            outcome = kept
        with parent.recording():
            self._run.record_outcome(call, outcome, cached=kept is not None)
            self._run.journal.commit()
        return outcome

    def _try_at_once(self, call: Call) -> Outcome:
        """A call's attempts on the calling thread, which nothing can interrupt."""
        retries: RetryStrategy = call.target.options.retries
        if call.target.options.timeout != Timeout():
            self._run.warn(
                call.id,
                call.name,
                "`timeout` isn't enforced where a synchronous task is called without `.aio` in an "
                "asynchronous driver",
            )
        first = len(self._run.failed_attempts(call.id))
        for number in range(first, retries.count + 1):
            action = Action(self._run, call.id, call.name, number)
            outcome = self._context_of(action, call).run(_run_sync, action, call)
            pause = may_retry(retries, number, outcome)
            if pause is None:
                break
            failed = failed_attempt(call.id, number, outcome, pause)
            self._run.record_failed_attempt(call, failed)
            time.sleep(pause)
        return final_outcome(retries, number, outcome)

    def cancel_all(self) -> None:
        """Cancel what can be cancelled; on the engine's thread."""
        for task in tuple(self._tasks):
            task.cancel()

    def _context_of(self, action: Action, call: Call) -> contextvars.Context:
        context = self._run.base_context.copy()
        context.run(CURRENT_DRIVER.set, action.root)
        if call.words is not None:
            context.run(CUSTOM_CONTEXT.set, call.words)
        return context

    def _spawn(
        self,
        body: Coroutine[Any, Any, object],
        action: Action,
        context: contextvars.Context,
        on_end: OnEnd,
    ) -> _RunningTask:
        # Not by the loop's factory: an attempt is no branch of the driver that started it.
        task = asyncio.Task(
            _run_async(action, body, on_end), loop=self._run.engine.loop, context=context
        )
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return _RunningTask(task)

    def _run_thread(
        self,
        running: _RunningThread,
        call: Call,
        context: contextvars.Context,
        on_end: OnEnd,
        on_start: Callable[[], None] | None,
    ) -> Callable[[], None]:
        action = running.action
        if running.may_move and self.placement.is_heavy(call.target):
            return partial(self._run.post, running.move)
        outcome = None
        if not (self._run.is_stopped or action.is_closed):
            if on_start is not None:
                self._run.post(on_start)
            outcome = self._outcome_here(running, call, context)
        ended = partial(self._ended_here, running, call, on_end, outcome)
        return partial(self._run.post, ended)

    def _outcome_here(
        self, running: _RunningThread, call: Call, context: contextvars.Context
    ) -> Outcome | None:
        """What a body gives on the calling thread; None where it was stopped."""
        try:
            with running.body, running.action.running_thread(), running.clock:
                return context.run(_run_sync, running.action, call)
        except RunStopped:
            return None
        finally:
            running.action.is_closed = True

    def _ended_here(
        self, running: _RunningThread, call: Call, on_end: OnEnd, outcome: Outcome | None
    ) -> None:
        if outcome is not None:
            on_end(outcome)
        beside = max(0, self.slots.running)
        self.placement.ended_here(call.target, running.clock.spent(beside + 1))


class _RunningTask:
    """An asynchronous body: cancelled as asyncio does."""

    def __init__(self, task: asyncio.Task[None]) -> None:
        self._task = task

    def cancel(self) -> None:
        """Ask it to stop."""
        self._task.cancel()

    interrupt = cancel

    def spent(self) -> None:
        """Nobody asks what a coroutine takes."""


class _RunningThread:
    """A synchronous body, queued or on its thread."""

    def __init__(self, action: Action, elsewhere: Callable[[], Running]) -> None:
        self.action = action
        self.may_move = False
        """Whether it may still turn out to belong elsewhere, when it gets its thread."""
        self._elsewhere = elsewhere
        self._moved: Running | None = None
        self._is_given_up = False
        self.body = Interruptible()
        self.clock = ThreadClock()

    def spent(self) -> Spent | None:
        """What it has taken so far."""
        return self.clock.spent()

    def move(self) -> None:
        """Start it where it belongs by now, instead; on the engine's thread."""
        if not (self._is_given_up or self.action.run.is_stopped):
            self._moved = self._elsewhere()

    def cancel(self) -> None:
        """Let it finish, if it runs: its outcome comes too late to be delivered."""
        self._is_given_up = True
        if self._moved is not None:
            self._moved.cancel()

    def interrupt(self) -> None:
        """Stop it: its calls, what it waits for, and then itself."""
        self._is_given_up = True
        if self._moved is not None:
            self._moved.interrupt()
        self.action.interrupt()
        self.body.interrupt()


async def _run_async(action: Action, body: Coroutine[Any, Any, object], on_end: OnEnd) -> None:
    try:
        try:
            outcome = await _outcome_of(body)
        finally:
            await action.close()
            action.is_closed = True
        action.check_retraced()
    except RunStopped:
        return
    action.run.guard(on_end, outcome)


async def _outcome_of(body: Coroutine[Any, Any, object]) -> Outcome:
    try:
        return Outcome("value", encode_value(await body))
    except RunStopped:
        raise
    except asyncio.CancelledError as error:
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise
        return Outcome("error", encode_error(error))
    except BaseException as error:  # an exit, an interrupt or a class of the user's own
        return Outcome("error", encode_error(error))


def _run_sync(action: Action, call: Call) -> Outcome:
    outcome = _sync_outcome(action, call)
    action.check_retraced()
    return outcome


def _sync_outcome(action: Action, call: Call) -> Outcome:
    try:
        graph = action.run.graph_of(call)
        if graph is not None:
            return Outcome("value", encode_value(run_driver_blocking(action, call, graph)))
        args, kwargs = as_called(call.target.interface, call.inputs.open())
        value = call.target.function(*args, **kwargs)
        return Outcome("value", encode_value(settle_result(call.target.interface, value)))
    except RunStopped:
        raise
    except BaseException as error:  # an exit, an interrupt or a class of the user's own
        return Outcome("error", encode_error(error))


async def _run_body(call: Call) -> object:
    args, kwargs = as_called(call.target.interface, call.inputs.open())
    value = await call.target.function(*args, **kwargs)
    return settle_result(call.target.interface, value)
