"""What a body takes on its thread: processor time, and time.

On a busy machine a body that only computes has the processor for a part of its time, just like
one that waits. So the time for which it was ready and not running is taken off, where the system
tells it.
"""

from __future__ import annotations

import os
import threading
import time
from types import TracebackType

from flyte._workers.costs import Spent


class ThreadClock:
    """The stretch of a thread's life in which a body runs; used once, as a context manager.

    Other threads may ask while it runs, if the thread doesn't end afterwards: then its clocks
    would be gone.
    """

    def __init__(self) -> None:
        self._clock: int | None = None
        self._statistics = -1
        self._began = self._cpu = self._queued = 0.0
        self._spent: Spent | None = None

    def __enter__(self) -> None:
        if hasattr(time, "pthread_getcpuclockid"):  # not on every system
            self._clock = time.pthread_getcpuclockid(threading.get_ident())
        self._statistics = _statistics()
        self._queued = _queued(self._statistics)
        self._cpu, self._began = time.thread_time(), time.monotonic()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._spent = self._until_now(time.thread_time())

    def spent(self, bodies: int = 1) -> Spent | None:
        """What it took, or has taken so far, beside so many bodies that took turns with it; None
        where it hasn't begun, or that can't be told."""
        spent = self._spent
        if spent is None:
            if self._clock is None or not self._began:
                return None
            spent = self._until_now(time.clock_gettime(self._clock))
        return Spent(spent.cpu, spent.seconds / bodies)

    def _until_now(self, cpu: float) -> Spent:
        queued = _queued(self._statistics) - self._queued
        return Spent(cpu - self._cpu, time.monotonic() - self._began - queued)


_of_thread = threading.local()


def _statistics() -> int:
    """The file of the calling thread's scheduling, open; -1 where there is none."""
    found = getattr(_of_thread, "file", None)
    if found is None:
        name = f"/proc/self/task/{threading.get_native_id()}/schedstat"
        try:
            found = os.open(name, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            found = -1
        _of_thread.file = found
    return int(found)


def _queued(statistics: int) -> float:
    """Seconds for which a thread was ready and did not run."""
    if statistics < 0:
        return 0.0
    try:
        return int(os.pread(statistics, 100, 0).split()[1]) / 1e9
    except (OSError, IndexError, ValueError):
        return 0.0
