"""Sets that depend on each other, grown until none grows any more.

A *cell* is asked for by its key and computed when it is first read; reading one while another is
computed makes the other wait for it. A cell that grows is computed again for all that read it, so
cycles end where nothing is added. Work is linear in what is read, as sets are small.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeAlias

from flyte_compiler.callgraph.values import MOST, NOTHING, Values

Key: TypeAlias = Hashable
_DEEPEST = 40
"""Cells computed inside one another before one has to wait its turn."""


class Cells:
    """Every cell of one program."""

    def __init__(self) -> None:
        self._values: dict[Key, Values] = {}
        self._compute: dict[Key, Callable[[], Values]] = {}
        self._readers: dict[Key, dict[Key, None]] = {}
        self._computing: list[Key] = []
        self._waiting: dict[Key, None] = {}

    def read(self, key: Key, compute: Callable[[], Values]) -> Values:
        """What a cell holds so far; `compute` says what it holds by what others hold."""
        if self._computing:
            self._readers.setdefault(key, {})[self._computing[-1]] = None
        if key not in self._values:
            self._values[key] = NOTHING
            self._compute[key] = compute
            if len(self._computing) < _DEEPEST:
                self._run(key)
            else:
                self._waiting[key] = None
        return self._values[key]

    def touch(self, key: Key) -> None:
        """Compute a cell again, where anybody read it."""
        if key in self._values:
            self._waiting[key] = None

    def settle(self) -> None:
        """Go on until no cell grows."""
        while self._waiting:
            waiting, self._waiting = self._waiting, {}
            for key in waiting:
                self._run(key)

    def _run(self, key: Key) -> None:
        self._computing.append(key)
        try:
            found = self._compute[key]()
        finally:
            self._computing.pop()
        before = self._values[key]
        if found <= before or len(before) >= MOST:
            return
        self._values[key] = before | found
        self._waiting.update(self._readers.get(key, {}))
