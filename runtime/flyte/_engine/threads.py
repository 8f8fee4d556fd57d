"""Threads for synchronous bodies: a limited number running, never a limit on those that wait.

A body that waits for its children gives its slot back, so nesting can't use the slots up. The
threads are daemons: a body that doesn't come back can't keep the process from ending.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import Context
from queue import SimpleQueue

Body = Callable[[], Callable[[], None]]
"""Must not raise. What it returns is called once its slot is free."""


class ThreadSlots:
    """At most `limit` bodies running at once; each on a thread that is reused."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._running = 0
        self._queued: deque[Body] = deque()
        self._idle: list[SimpleQueue[Body]] = []
        self._lock = threading.Lock()

    def start(self, body: Body) -> None:
        """Run `body` on a thread as soon as there is a slot."""
        with self._lock:
            self._queued.append(body)
            self._fill()

    @property
    def going_on(self) -> int:
        """How many bodies run, or wait for a slot."""
        return self._running + len(self._queued)

    @property
    def running(self) -> int:
        """How many bodies run."""
        return self._running

    @contextmanager
    def released(self) -> Iterator[None]:
        """Give the calling body's slot back while it waits.

        It goes on at once afterwards, even where that makes one too many for a moment: waiting
        for a slot could be waiting for a body that waits for this one.
        """
        with self._lock:
            self._running -= 1
            self._fill()
        try:
            yield
        finally:
            with self._lock:
                self._running += 1

    def _fill(self) -> None:
        while self._queued and self._running < self._limit:
            self._running += 1
            body = self._queued.popleft()
            if self._idle:
                self._idle.pop().put(body)
            else:
                # In no context: the thread outlives the body, and belongs to no driver.
                thread = threading.Thread(target=self._work, args=(body,), daemon=True)
                Context().run(thread.start)

    def _work(self, body: Body) -> None:
        inbox: SimpleQueue[Body] = SimpleQueue()
        while True:
            then = body()
            with self._lock:
                self._running -= 1
                self._idle.append(inbox)
                self._fill()
            then()
            body = inbox.get()
