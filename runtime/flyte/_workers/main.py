"""A worker's own program: `python -c ... SOCKET`, started by `processes`.

It holds a lock as long as it lives, runs the attempts that it is given, and writes into the
journal what each gave, if no other attempt has replaced it. When its driver's process is gone it
finishes what it runs, records it, and ends.

Synchronous bodies run on the main thread, one at a time; asynchronous ones on a loop of their
own thread.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import Future, wait
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import Any, cast

from flyte._engine.interrupt import Interruptible
from flyte._engine.retries import failed_attempt, final_outcome, may_retry
from flyte._engine.stop import RunStopped
from flyte._engine.values import decode_arguments, decode_value
from flyte._journal import Durability, Outcome, Store, StoreError, open_store
from flyte._journal.lease import Lease
from flyte._retry import RetryStrategy
from flyte._task import Task
from flyte._workers.clock import ThreadClock
from flyte._workers.costs import Spent
from flyte._workers.leaf import LeafDriver, NotALeafError, async_outcome, sync_outcome
from flyte._workers.loading import UnfitError, load_task
from flyte._workers.wire import (
    GRACE,
    Cancel,
    Channel,
    Ended,
    EndKind,
    Perform,
    Ready,
    Setup,
    to_worker,
)

Attempt = tuple[bytes, int]
"""An action and the fence of its attempt."""


class Worker:
    """One worker process."""

    def __init__(self, channel: Channel, store: Store) -> None:
        self._channel = channel
        self._store = store
        self._inbox: SimpleQueue[Perform | None] = SimpleQueue()
        self._stops: dict[Attempt, Callable[[], object]] = {}
        self._asynchronous: set[Future[None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None

    def serve(self, waiting: list[bytes]) -> None:
        """Run what comes, until the driver's process is gone and all of it is recorded."""
        for message in waiting:
            self._take(message)
        threading.Thread(target=self._listen, name="flyte-listen", daemon=True).start()
        while (perform := self._inbox.get()) is not None:
            self._perform(perform)
        wait(tuple(self._asynchronous))

    def _listen(self) -> None:
        while (messages := self._channel.receive()) is not None:
            for message in messages:
                self._take(message)
        self._inbox.put(None)

    def _take(self, encoded: bytes) -> None:
        match to_worker(encoded):
            case Perform() as perform:
                self._inbox.put(perform)
            case Cancel(action=action, fence=fence):
                self._stop((action, fence))
            case Setup():
                raise AssertionError("a worker is set up once")

    def _stop(self, attempt: Attempt) -> None:
        """Cancel an attempt; if that doesn't end it, end this process, which by then may have
        nobody else to do it."""
        stop = self._stops.get(attempt)
        if stop is None:
            return
        stop()
        timer = threading.Timer(GRACE, self._give_up, (attempt,))
        timer.daemon = True
        timer.start()

    def _give_up(self, attempt: Attempt) -> None:
        if attempt in self._stops:
            os.killpg(os.getpid(), signal.SIGKILL)

    def _perform(self, perform: Perform) -> None:
        try:
            task = load_task(perform.module, perform.file, perform.function)
            arguments = decode_arguments(self._store.fences.inputs_of(perform.action))
        except UnfitError as error:
            self._tell(perform, "unfit", str(error))
            return
        except Exception as error:  # a class that isn't there, a damaged blob
            self._tell(perform, "unfit", f"its arguments can't be had in a worker: {error}")
            return
        if task.interface.is_async:
            self._perform_async(perform, task, arguments)
        else:
            self._perform_sync(perform, task, arguments)

    def _perform_sync(
        self, perform: Perform, task: Task[..., Any], arguments: Mapping[str, object]
    ) -> None:
        body, leaf = Interruptible(), _leaf(perform)
        context = contextvars.copy_context()
        self._stops[_attempt(perform)] = body.interrupt
        clock, known = ThreadClock(), set(sys.modules)
        try:
            with body, clock:
                outcome = context.run(sync_outcome, leaf, task, arguments)
        except RunStopped:
            self._tell(perform, "stopped")
        except NotALeafError as error:
            self._tell(perform, "unfit", _called(task, error))
        else:
            self._record(perform, outcome, known, clock.spent())
        finally:
            self._stops.pop(_attempt(perform), None)

    def _perform_async(
        self, perform: Perform, task: Task[..., Any], arguments: Mapping[str, object]
    ) -> None:
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            thread = threading.Thread(target=self._loop.run_forever, name="flyte-loop", daemon=True)
            thread.start()
        done: Future[None] = Future()
        self._asynchronous.add(done)
        coroutine = self._on_loop(perform, task, arguments)
        self._loop.call_soon_threadsafe(self._begin, self._loop, coroutine, perform, done)

    def _begin(
        self,
        loop: asyncio.AbstractEventLoop,
        coroutine: Coroutine[Any, Any, None],
        perform: Perform,
        done: Future[None],
    ) -> None:
        def forget(ended: asyncio.Task[None]) -> None:
            self._stops.pop(_attempt(perform), None)
            if ended.cancelled():
                self._tell(perform, "stopped")
            self._asynchronous.discard(done)
            done.set_result(None)

        running = loop.create_task(coroutine)
        self._stops[_attempt(perform)] = partial(loop.call_soon_threadsafe, running.cancel)
        running.add_done_callback(forget)

    async def _on_loop(
        self, perform: Perform, task: Task[..., Any], arguments: Mapping[str, object]
    ) -> None:
        known = set(sys.modules)
        try:
            outcome = await async_outcome(_leaf(perform), task, arguments)
        except NotALeafError as error:
            self._tell(perform, "unfit", _called(task, error))
        else:
            self._record(perform, outcome, known, None)

    def _record(
        self, perform: Perform, outcome: Outcome, known: set[str], spent: Spent | None
    ) -> None:
        """Write what an attempt gave, where its fence is current, and tell the driver; of
        `known` are the modules that were there before."""
        retries = cast(RetryStrategy, decode_value(perform.retries))
        fences, number = self._store.fences, perform.number
        pause = may_retry(retries, number, outcome)
        try:
            if pause is None:
                final = final_outcome(retries, number, outcome)
                is_current = fences.end(perform.action, perform.fence, final)
            else:
                failed = failed_attempt(perform.action, number, outcome, pause)
                is_current = fences.fail(perform.fence, failed)
        except StoreError as error:
            self._tell(perform, "unrecorded", str(error))
            return
        kind: EndKind = "recorded" if is_current else "refused"
        self._tell(perform, kind, spent=spent, modules=_needed(outcome, known))

    def _tell(
        self,
        perform: Perform,
        kind: EndKind,
        reason: str = "",
        *,
        spent: Spent | None = None,
        modules: tuple[str, ...] = (),
    ) -> None:
        _flush()  # before the driver goes on, and prints
        cpu, seconds = (0.0, 0.0) if spent is None else (spent.cpu, spent.seconds)
        with contextlib.suppress(OSError):  # it is gone: the journal has it
            self._channel.send(
                Ended(
                    action=perform.action, fence=perform.fence, kind=kind, reason=reason,
                    cpu=cpu, seconds=seconds, modules=modules,
                )
            )  # fmt: skip


def main() -> None:
    """Serve the driver's process at the other end of the socket."""
    # Both are for the driver: a worker ends when the driver's process does, its work recorded.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    channel = Channel(socket.socket(fileno=int(sys.argv[1])))
    # A child that user code forks must not keep the driver from seeing this process's end.
    os.register_at_fork(after_in_child=channel.close)
    messages: list[bytes] = []
    while not messages:
        received = channel.receive()
        if received is None:
            return
        messages += received
    setup = to_worker(messages[0])
    assert isinstance(setup, Setup)
    os.environ["FLYTE_STORE"] = setup.store  # whatever of a store is asked for here, is of this one
    lease = Lease(Path(setup.lock))
    store = open_store(Path(setup.store), Durability(setup.durability))
    with contextlib.suppress(OSError):
        channel.send(Ready())
    Worker(channel, store).serve(messages[1:])
    store.close()
    Path(setup.lock).unlink(missing_ok=True)
    lease.release()


def _attempt(perform: Perform) -> Attempt:
    return perform.action, perform.fence


def _leaf(perform: Perform) -> LeafDriver:
    return LeafDriver(perform.action, perform.run, perform.number)


def _called(task: Task[..., Any], error: NotALeafError) -> str:
    return f"`{task.name}` calls `{error}`, which only the driver's process can do"


def _needed(outcome: Outcome, known: set[str]) -> tuple[str, ...]:
    """Modules that the body has loaded and whose classes are in what it gave."""
    new = (name for name in tuple(sys.modules) if name not in known)
    return tuple(name for name in new if f"{name}:".encode() in outcome.payload)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):  # closed by the body
            stream.flush()
