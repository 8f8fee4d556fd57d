"""One event loop in a thread of its own, which says when it is quiet.

A selector is asked to wait with `timeout == 0` exactly while callbacks are ready; any other
value means that every coroutine is waiting. That is the moment at which outcomes are committed
and delivered, one a driver: so the order in which a driver sees them doesn't depend on how the
loop interleaved its callbacks. All on asyncio's public interface.
"""

from __future__ import annotations

import asyncio
import contextlib
import selectors
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any, TypeVar, TypeVarTuple

from flyte._engine.branch import branching_task_factory

Ts = TypeVarTuple("Ts")
T = TypeVar("T")

BUSY_TURNS = 1000
BUSY_SECONDS = 0.05
"""After so long without quiet the loop counts as quiet: a driver that polls starves nobody."""


class Quiet:
    """What the loop knows at a quiet moment."""

    __slots__ = ("forced", "foreign")

    def __init__(self, *, forced: bool, foreign: bool) -> None:
        self.forced = forced
        """The loop wasn't quiet; it had been busy for too long."""
        self.foreign = foreign
        """Something that isn't ours may wake a coroutine: a timer, a socket, an executor."""


OnQuiet = Callable[[Quiet], bool]
"""Make what progress there is; whether there was any."""


class QuietSelector(selectors.DefaultSelector):
    """A selector that offers each quiet moment to its listener before it waits."""

    def __init__(self) -> None:
        super().__init__()
        self.on_quiet: OnQuiet | None = None
        self.executor_calls = 0
        self._own_files = 0
        self._busy_turns = 0
        self._busy_since = 0.0

    def loop_is_set_up(self) -> None:
        """Tell that all files registered so far are the loop's own."""
        self._own_files = len(self.get_map())

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout == 0 and not self._busy_for_too_long():
            return super().select(0)
        forced = timeout == 0
        self._busy_turns = 0
        if not forced:
            events = super().select(0)
            if events:
                return events
        if self.on_quiet is not None and self.on_quiet(self._quiet(timeout, forced=forced)):
            return super().select(0)
        return super().select(timeout)

    def _busy_for_too_long(self) -> bool:
        if self._busy_turns == 0:
            self._busy_since = time.monotonic()
        self._busy_turns += 1
        if self._busy_turns >= BUSY_TURNS:
            return True
        return self._busy_turns % 64 == 0 and time.monotonic() - self._busy_since > BUSY_SECONDS

    def _quiet(self, timeout: float | None, *, forced: bool) -> Quiet:
        waits_for_files = len(self.get_map()) > self._own_files
        foreign = timeout is not None or waits_for_files or self.executor_calls > 0
        return Quiet(forced=forced, foreign=foreign)


class EngineLoop(asyncio.SelectorEventLoop):
    """The loop, which counts the executor calls that may wake a coroutine."""

    def __init__(self, selector: QuietSelector) -> None:
        super().__init__(selector)
        self._quiet_selector = selector
        self.set_task_factory(branching_task_factory)
        selector.loop_is_set_up()

    def run_in_executor(  # type: ignore[override]  # typeshed's is generic in its arguments
        self, executor: Executor | None, func: Callable[..., Any], *args: Any
    ) -> asyncio.Future[Any]:
        future = super().run_in_executor(executor, func, *args)
        self._quiet_selector.executor_calls += 1
        future.add_done_callback(self._executor_call_ended)
        return future

    def _executor_call_ended(self, _: object) -> None:
        self._quiet_selector.executor_calls -= 1


class LoopThread:
    """The process's engine thread, started at first use."""

    def __init__(self, on_quiet: OnQuiet) -> None:
        selector = QuietSelector()
        selector.on_quiet = on_quiet
        self.loop = EngineLoop(selector)
        self._thread = threading.Thread(target=self._main, name="flyte-engine", daemon=True)
        self._thread.start()

    def is_current(self) -> bool:
        """Whether the caller runs on the engine's thread."""
        return threading.current_thread() is self._thread

    def _main(self) -> None:
        asyncio.set_event_loop(self.loop)
        while True:
            # A coroutine that raises one of these gets it recorded; asyncio leaves its loop, too.
            with contextlib.suppress(SystemExit, KeyboardInterrupt):
                self.loop.run_forever()
