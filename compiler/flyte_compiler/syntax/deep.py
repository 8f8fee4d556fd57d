"""Room to recurse: the whole compile runs once on a thread with a large stack.

Trees are as deep as programs are: a chain of a thousand `elif`s is a tree of a thousand levels.
libcst's parser is native and recurses on the C stack without a guard of its own; its code
generator, and every pass of ours that follows a tree, recurse in Python.
"""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

T = TypeVar("T")

STACK_SIZES = tuple(size * 1024 * 1024 for size in (512, 256, 128))
"""Bytes, the first that the system grants. Pages are only taken when they are touched."""
RECURSION_LIMIT = 60_000
"""Python frames: ten times what `parse.DEEPEST` levels need, and few enough that CPython's own
guard for trees (three C frames for each) stays inside the smallest stack."""


def with_deep_stack(function: Callable[[], T]) -> T:
    """What `function` returns or raises, run on a thread with a large stack.

    Nested calls run in place. Raises MemoryError where no such thread can be had.

    The collector of cycles rests meanwhile.
    """
    if isinstance(threading.current_thread(), _DeepThread):
        return function()
    thread = _start(function)
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, RECURSION_LIMIT))
    try:
        with _collector_paused():
            thread.begin.set()
            thread.join()
    finally:
        sys.setrecursionlimit(limit)
    return thread.outcome()


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Trees and graphs are many objects and next to no garbage: to look through all of them again
    and again is a third of a compile's time, and keeps its memory a twentieth smaller."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class _DeepThread(threading.Thread, Generic[T]):
    """A thread that keeps what its function came to."""

    def __init__(self, function: Callable[[], T]) -> None:
        super().__init__(name="flyte-compile", daemon=True)
        self.begin = threading.Event()
        self._function = function
        self._value: list[T] = []
        self._error: BaseException | None = None

    def run(self) -> None:
        self.begin.wait()
        try:
            self._value.append(self._function())
        except BaseException as error:
            self._error = error

    def outcome(self) -> T:
        """The value, or the exception, once the thread has ended."""
        if self._error is not None:
            raise self._error
        return self._value[0]


def _start(function: Callable[[], T]) -> _DeepThread[T]:
    """A started thread, waiting for `begin`, with the largest stack that can be had."""
    usual = threading.stack_size()
    for size in STACK_SIZES:
        try:
            threading.stack_size(size)
            thread = _DeepThread(function)
            thread.start()
        except (RuntimeError, ValueError):  # not granted, or not allowed on this platform
            continue
        finally:
            threading.stack_size(usual)
        return thread
    raise MemoryError("no thread with a stack of 128 MiB can be started")
