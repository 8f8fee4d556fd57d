"""Stopping a synchronous body: an exception in its thread, raised at its next bytecode.

Python has no other way to stop a thread. A body that waits in C (a sleep, a read) stops when it
comes back from there; what it gives by then is too late.
"""

from __future__ import annotations

import threading
from types import TracebackType

from flyte._engine.stop import RunStopped


class Interruptible:
    """The stretch of a thread's life in which a body runs; used once, as a context manager."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._thread: int | None = None
        self._is_sent = False

    def __enter__(self) -> None:
        self._thread = threading.get_ident()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._lock:
            thread, self._thread = self._thread, None
            if self._is_sent and thread is not None:
                _raise_in(thread, None)  # what hasn't arrived yet must not hit the next body

    def interrupt(self) -> None:
        """Raise `RunStopped` in the body, if it still runs; from another thread."""
        with self._lock:
            if self._thread is not None and not self._is_sent:
                self._is_sent = True
                _raise_in(self._thread, RunStopped)


def _raise_in(thread: int, error: type[BaseException] | None) -> None:
    import ctypes  # noqa: PLC0415 - 10 ms, and few runs interrupt anything

    raised = None if error is None else ctypes.py_object(error)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), raised)
