"""The process's one engine: its loop thread, and the runs that live on it."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVarTuple

from flyte._context import RUNS_GOING_ON
from flyte._engine.carry import install
from flyte._engine.loop import LoopThread, Quiet

if TYPE_CHECKING:
    from flyte._engine.run import RunExecution

Ts = TypeVarTuple("Ts")


class Engine:
    """Runs share the loop; each commits and delivers for itself at quiet moments."""

    def __init__(self) -> None:
        install()
        self._runs: dict[str, RunExecution] = {}
        self._thread = LoopThread(self._on_quiet)
        self.loop = self._thread.loop

    def is_current(self) -> bool:
        """Whether the caller runs on the engine's thread."""
        return self._thread.is_current()

    def post(self, function: Callable[[*Ts], object], *arguments: *Ts) -> None:
        """Call `function` on the engine's thread, soon."""
        self.loop.call_soon_threadsafe(function, *arguments)

    def add(self, run: RunExecution) -> None:
        """Let a run take part in quiet moments."""
        self._runs[run.name] = run
        RUNS_GOING_ON.add(run.name)

    def remove(self, run: RunExecution) -> None:
        """The run has ended."""
        self._runs.pop(run.name, None)
        RUNS_GOING_ON.discard(run.name)

    def _on_quiet(self, quiet: Quiet) -> bool:
        progress = False
        for run in tuple(self._runs.values()):
            progress |= run.on_quiet(quiet)
        return progress


@lru_cache(maxsize=1)
def engine() -> Engine:
    """The process's engine, started at first use."""
    return Engine()
