"""A running task, as seen by the calls that its body makes.

Its calls are identified when made, and each is answered by the replay (a record), by the cache,
or by an attempt. An outcome is staged in the journal before it can be delivered, and delivered
only after the run has committed.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator, Mapping
from concurrent.futures import Future as ThreadFuture
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from flyte._engine.branch import Branch
from flyte._engine.calls import Call, CallKind, Request, Target, identify_dynamic
from flyte._engine.loop import EngineLoop, Quiet
from flyte._engine.outcomes import open_outcome
from flyte._engine.replay import Deliver, Start, Wait
from flyte._engine.stall import Stall
from flyte._engine.stop import RunStopped
from flyte._engine.submitted import Submitted
from flyte._engine.traces import RUN_TRACE
from flyte._journal.records import Delivery, Outcome
from flyte_plan.identity import attempt_id

if TYPE_CHECKING:
    from flyte._engine.own_loop import OwnLoop
    from flyte._engine.run import RunExecution
    from flyte._task import Task
    from flyte._trace import Trace


class Action:
    """One running task of a run.

    The order in which its coroutines see outcomes is recorded; its threads see each as soon as it
    is recorded. Unless said otherwise, methods are called on the engine's thread.
    """

    def __init__(self, run: RunExecution, identity: bytes, name: str, number: int = 0) -> None:
        self.run = run
        self.id = identity
        self.name = name
        self.number = number
        """Which attempt this is, from 0."""
        self.root = Branch(self)
        self.own_loops: set[OwnLoop] = set()
        self.replay, self._delivered = run.replay_of(identity, number)
        self.is_closed = False
        """Whether the body has ended, or was stopped: nothing more of its calls counts."""
        self._begun: set[Request] = set()
        self._waiting: set[ThreadFuture[Outcome | None]] = set()
        self._branches: set[asyncio.Task[Any]] = set()
        self._stall = Stall()
        self._running_threads = 0
        self._lock = threading.Lock()

    # Calls, from a body on any thread ----------------------------------------------------------

    def identify(
        self, branch: Branch, kind: CallKind, target: Target, arguments: Mapping[str, object]
    ) -> Call:
        """Fix a call's identity: now, in program order."""
        return identify_dynamic(
            driver=self.id,
            branch=branch.path,
            next_index=branch.next_index,
            kind=kind,
            target=target,
            arguments=arguments,
            maker=self,
        )

    def must_repeat(self, identity: bytes) -> bool:
        """Whether an earlier attempt made the call and got an error, or nothing."""
        return self.replay.must_repeat(identity)

    def call(
        self, branch: Branch, task: Task[..., Any], arguments: Mapping[str, object]
    ) -> Coroutine[Any, Any, Any]:
        """A task's call as a coroutine; it starts when first awaited."""
        return self.perform(self.identify(branch, "task", task, arguments))

    async def perform(self, call: Call) -> object:
        """Run a call as an action; its value.

        Raises:
            BaseException: the call's error.
        """
        outcome = await self._answer(call, self.begin_task)
        assert outcome is not None
        return open_outcome(outcome)

    def call_blocking(
        self, branch: Branch, task: Task[..., Any], arguments: Mapping[str, object]
    ) -> object:
        """A synchronous task's call from synchronous code; its value."""
        return self.submit(branch, task, arguments).wait()

    def submit(
        self, branch: Branch, task: Task[..., Any], arguments: Mapping[str, object]
    ) -> Submitted:
        """A task's call from synchronous code, started but not waited for.

        On the engine's own thread it can't be left to the loop: there it runs at once.

        Raises:
            RuntimeError: there, for an asynchronous task.
        """
        return self.begin_blocking(self.identify(branch, "task", task, arguments))

    def begin_blocking(self, call: Call) -> Submitted:
        """As `submit`, for a call that is identified.

        Raises:
            RuntimeError: on the engine's own thread, for an asynchronous task.
        """
        future: ThreadFuture[Outcome | None] = ThreadFuture()
        request = Request(call, partial(_settle, future), self.begin_task)
        if not self.run.engine.is_current():
            self.run.post(self.ask, request)
        elif call.target.interface.is_async:
            raise RuntimeError(
                f"asynchronous task `{call.name}` can't be waited for here: in an asynchronous "
                "driver, await the call, or use `flyte.map.aio`"
            )
        else:
            future.set_result(self.run.attempts.run_at_once(self, call))
        return Submitted(self, request, future)

    def trace(self, branch: Branch, trace: Trace[..., Any], arguments: Mapping[str, object]) -> Any:
        """A traced function's call: what the function itself would return."""
        call = self.identify(branch, "trace", trace, arguments)
        return RUN_TRACE[trace.form](self, call, arguments)

    async def admit(self, call: Call) -> Outcome | None:
        """A call's record, in its turn; None where the caller must run it and then `tell`."""
        return await self._answer(call, _let_caller_run)

    async def tell(self, call: Call, outcome: Outcome) -> None:
        """Record what a caller ran itself; returns when it is that outcome's turn."""
        future: ThreadFuture[Outcome | None] = ThreadFuture()
        ordered = isinstance(asyncio.get_running_loop(), EngineLoop)
        request = Request(call, partial(_settle, future), _let_caller_run, ordered=ordered)
        self.run.post(self._told, request, outcome)
        await asyncio.wrap_future(future)

    def admit_blocking(self, call: Call) -> Outcome | None:
        """As `admit`, from synchronous code."""
        if self.run.engine.is_current():
            return self.admit_at_once(call)
        if self.replay.is_over and not self.number:
            return None
        future: ThreadFuture[Outcome | None] = ThreadFuture()
        request = Request(call, partial(_settle, future), _let_caller_run)
        self.run.post(self.ask, request)
        return self.wait(future)

    def admit_at_once(self, call: Call) -> Outcome | None:
        """As `admit`, for a call that can't wait for its turn.

        What such a call gives is recorded before its driver goes on, so a faithful replay
        reaches one without a record only after the recorded past.
        """
        outcome = self.replay.answer_now(call)
        if outcome is None and not (self.replay.is_known(call) or self.replay.is_retraced()):
            self.run.diverge(self, call)
            raise RunStopped
        if outcome is not None:
            self.run.count_replayed(call)
        return outcome

    def tell_blocking(self, call: Call, outcome: Outcome) -> None:
        """As `tell`, from synchronous code: returns when the outcome is durable."""
        with self.recording():
            self.run.record_intent(self.id, call)
            self.run.record_outcome(call, outcome, cached=False)
            self.run.journal.commit()

    def meet_generator(self, call: Call) -> None:
        """The body iterates over a traced generator; its items have turns, it has none itself."""
        if not self.run.engine.is_current():
            self.run.post(self.meet_generator_here, call)
        else:
            self.meet_generator_here(call)

    def meet_generator_here(self, call: Call) -> None:
        """As `meet_generator`, on the engine's thread."""
        if self.replay.answer_now(call) is not None:
            self.run.count_replayed(call)

    def begin_generator(self, call: Call) -> None:
        """A traced generator's own code starts."""
        with self.recording():
            self.run.record_intent(self.id, call)

    def end_generator(self, call: Call, outcome: Outcome) -> None:
        """A traced generator ended, or was left; nothing waits for that record."""
        is_told = self.run.is_stopped or self.run.result.done()
        if not is_told and self.replay.answer_now(call) is None:
            self.run.record_outcome(call, outcome, cached=False)

    @contextmanager
    def recording(self) -> Iterator[None]:
        """For what a body's own thread records.

        Raises:
            RunStopped: the run was stopped, or what failed in here has stopped it.
        """
        if self.run.is_stopped or self.is_closed:
            raise RunStopped
        try:
            yield
        except Exception as error:
            self.run.fail(error)
            raise RunStopped from error

    def wait(self, future: ThreadFuture[Outcome | None]) -> Outcome | None:
        """Wait on the body's own thread, which gives its slot to others meanwhile."""
        self.run.waiting_threads.add(future)
        self._waiting.add(future)
        self._count_thread(-1)
        self.run.post(self.run.attend, self)
        try:
            with self.run.attempts.slots.released():
                if self.run.is_stopped or self.is_closed:
                    raise RunStopped
                return future.result()
        finally:
            self._count_thread(1)
            self._waiting.discard(future)
            self.run.waiting_threads.discard(future)

    def interrupt(self) -> None:
        """The body took too long: give up what it waits for; on the engine's thread."""
        self.is_closed = True
        for request in tuple(self._begun):
            if request.cancel is not None:
                request.cancel()
        for future in tuple(self._waiting):
            if not future.done():
                future.set_exception(RunStopped())

    @contextmanager
    def running_thread(self) -> Iterator[None]:
        """While a thread of the body runs, it may still ask for what a replay waits for."""
        self._count_thread(1)
        try:
            yield
        finally:
            self._count_thread(-1)
            self.run.post(self.run.attend, self)

    def _count_thread(self, change: int) -> None:
        with self._lock:
            self._running_threads += change

    # On the engine's thread --------------------------------------------------------------------

    def ask(self, request: Request) -> None:
        """The body waits for a call."""
        if self.run.is_stopped or self.is_closed:
            return
        if self.replay.ask(request):
            self.run.guard(request.begin, request)
        else:
            self.run.attend(self)

    def begin_task(self, request: Request) -> None:
        """Start a task's call, unless the cache has it."""
        call = request.call
        self.run.record_intent(self.id, call)
        kept = self.run.reuse.lookup(call)
        if kept is not None:
            self._end(request, kept, cached=True)
        else:
            self._begun.add(request)
            request.cancel = self.run.flights.begin(
                self.run.reuse.flight_key(call),
                call.id,
                self.id,
                partial(self.run.attempts.start, call),
                partial(self._end, request),
            )

    def advance(self, quiet: Quiet) -> bool:
        """Make one step now that the loop is quiet; whether one was made."""
        if not all(loop.is_quiet for loop in self.own_loops):
            return False
        match self.replay.step():
            case Deliver() as delivered:
                self._deliver(delivered, forced=quiet.forced)
                return True
            case Start(requests):
                for request in requests:
                    request.begin(request)
                return True
            case Wait.IDLE:
                self.run.ignore(self)
                return False
            case Wait.STALLED:
                return self._look_at_stall(quiet)

    def adopt(self, task: asyncio.Task[Any]) -> None:
        """Remember a spawned branch, to cancel it when the body ends."""
        if task.get_loop() is self.run.engine.loop:
            self._branches.add(task)
            task.add_done_callback(self._branches.discard)

    async def close(self) -> None:
        """Cancel what the body left running, as `asyncio.run` does."""
        while unfinished := [task for task in self._branches if not task.done()]:
            for task in unfinished:
                task.cancel()
            await asyncio.gather(*unfinished, return_exceptions=True)

    def check_retraced(self) -> None:
        """Raises:
        RunStopped: the body ended without asking for all that is recorded.
        """
        if not self.replay.is_retraced():
            self.run.diverge(self, None)
            raise RunStopped

    # ---------------------------------------------------------------------------------------------

    async def _answer(self, call: Call, begin: Callable[[Request], None]) -> Outcome | None:
        loop = asyncio.get_running_loop()
        if loop is not self.run.engine.loop:
            return await self._answer_elsewhere(call, begin)
        future: asyncio.Future[Outcome | None] = loop.create_future()
        request = Request(call, partial(_settle, future), begin, ordered=True)
        self.ask(request)
        try:
            return await future
        except asyncio.CancelledError:
            if future.cancelled() and not self.run.is_stopped:
                self.abandon(request)
            raise

    async def _answer_elsewhere(
        self, call: Call, begin: Callable[[Request], None]
    ) -> Outcome | None:
        """For a loop that a synchronous body made: `asyncio.run` in a driver."""
        ordered = isinstance(asyncio.get_running_loop(), EngineLoop)
        future: ThreadFuture[Outcome | None] = ThreadFuture()
        settle = partial(_settle, future)
        request = Request(call, settle, begin, ordered=ordered)
        self.run.waiting_threads.add(future)
        self.run.post(self.ask, request)
        try:
            return await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            self.run.post(self.abandon, request)
            raise
        finally:
            self.run.waiting_threads.discard(future)

    def _told(self, request: Request, outcome: Outcome) -> None:
        self.run.record_intent(self.id, request.call)
        self._end(request, outcome)

    def _end(self, request: Request, outcome: Outcome, *, cached: bool = False) -> None:
        self._begun.discard(request)
        self.run.flights.forget(request.call.id)
        if self.run.is_stopped or self.is_closed:
            return
        self.run.record_outcome(request.call, outcome, cached=cached)
        self.replay.finish(request, outcome)
        self.run.attend(self)

    def _deliver(self, delivered: Deliver, *, forced: bool) -> None:
        self._stall.end()
        request = delivered.request
        if delivered.replayed:
            self.run.count_replayed(request.call)
        if request.ordered and delivered.is_new:
            self._stage_delivery(request.call, abandoned=False, forced=forced)
        for loop in self.own_loops:
            loop.is_quiet = False
            loop.call_soon_threadsafe(_wake)
        request.settle(delivered.outcome)

    def abandon(self, request: Request) -> None:
        """The body gave a call up; its outcome, if any, is never delivered."""
        if not self.replay.abandon(request):
            return
        if request.ordered:
            self._stage_delivery(request.call, abandoned=True, forced=False)
        if request.cancel is not None:
            request.cancel()

    def _stage_delivery(self, call: Call, *, abandoned: bool, forced: bool) -> None:
        self.run.journal.stage_delivery(
            attempt_id(self.id, self.number),
            self._delivered,
            Delivery(call.id, abandoned),
            forced=forced,
        )
        self._delivered += 1

    def _look_at_stall(self, quiet: Quiet) -> bool:
        may_end = (
            quiet.forced
            or quiet.foreign
            or self._running_threads > 0
            or any(loop.waits_for_foreign for loop in self.own_loops)
        )
        look_again = partial(self.run.post, self.run.attend, self)
        if self._stall.is_divergence(may_end=may_end, look_again=look_again):
            self.run.diverge(self, None)
            return True
        return False


def _wake() -> None:
    """Make a loop go round once: it tells again that it is quiet."""


def _let_caller_run(request: Request) -> None:
    request.settle(None)


def _settle(
    future: asyncio.Future[Outcome | None] | ThreadFuture[Outcome | None],
    outcome: Outcome | None,
) -> None:
    if not future.done():
        future.set_result(outcome)
