"""Attempts: physical executions of task bodies, each where it belongs.

An asynchronous body, and a plan, run on the engine's loop; a synchronous body runs on a thread.
Whatever happens in a body ends in an outcome, except a cancellation by its driver or by the
run's end, which ends in nothing.
"""

from __future__ import annotations

import asyncio
import contextvars
import os
import time
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from flyte._context import CURRENT_DRIVER
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
from flyte._journal.records import Outcome
from flyte._retry import RetryStrategy, Timeout

if TYPE_CHECKING:
    from flyte._engine.run import RunExecution

OnEnd = Callable[[Outcome], None]


class Attempts:
    """The attempts of one run, and the slots that its synchronous bodies share."""

    def __init__(self, run: RunExecution, workers: int | None) -> None:
        self._run = run
        self._tasks: set[asyncio.Task[None]] = set()
        self.slots = ThreadSlots(workers or min(32, (os.cpu_count() or 1) + 4))

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
    ) -> Running:
        """One attempt."""
        reach(call.target.function)
        action = Action(self._run, call.id, call.name, number)
        context = self._context_of(action)
        if call.target.interface.is_async:
            graph = self._run.graph_of(call)
            body = _run_body(call) if graph is None else run_driver(action, call, graph)
            if on_start is not None:
                on_start()
            return self._spawn(body, action, context, on_end)
        running = _RunningThread(action)
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
            outcome = self._context_of(action).run(_run_sync, action, call)
            pause = may_retry(retries, number, outcome)
            if pause is None:
                break
            failed = failed_attempt(call, number, outcome, pause)
            self._run.record_failed_attempt(call, failed)
            time.sleep(pause)
        return final_outcome(retries, number, outcome)

    def cancel_all(self) -> None:
        """Cancel what can be cancelled; on the engine's thread."""
        for task in tuple(self._tasks):
            task.cancel()

    def _context_of(self, action: Action) -> contextvars.Context:
        context = self._run.base_context.copy()
        context.run(CURRENT_DRIVER.set, action.root)
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
    ) -> None:
        action = running.action
        if self._run.is_stopped or action.is_closed:
            return
        if on_start is not None:
            self._run.post(on_start)
        try:
            with running.body, action.running_thread():
                outcome = context.run(_run_sync, action, call)
        except RunStopped:
            return
        finally:
            action.is_closed = True
        self._run.post(on_end, outcome)


class _RunningTask:
    """An asynchronous body: cancelled as asyncio does."""

    def __init__(self, task: asyncio.Task[None]) -> None:
        self._task = task

    def cancel(self) -> None:
        """Ask it to stop."""
        self._task.cancel()

    interrupt = cancel


class _RunningThread:
    """A synchronous body, queued or on its thread."""

    def __init__(self, action: Action) -> None:
        self.action = action
        self.body = Interruptible()

    def cancel(self) -> None:
        """Let it finish: its outcome comes too late to be delivered."""

    def interrupt(self) -> None:
        """Stop it: its calls, what it waits for, and then itself."""
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
