"""What a run and its actions are described with."""

from __future__ import annotations

from enum import StrEnum

from flyte._ctx import ActionID, TaskContext


class ActionPhase(StrEnum):
    """Where a run or an action stands. On one machine: running, succeeded, failed or aborted."""

    QUEUED = "queued"
    WAITING_FOR_RESOURCES = "waiting_for_resources"
    INITIALIZING = "initializing"
    RUNNING = "running"
    PAUSED = "paused"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    ABORTED = "aborted"
    TIMED_OUT = "timed_out"
    RECOVERED = "recovered"

    @property
    def is_terminal(self) -> bool:
        """Whether nothing follows."""
        return self in _TERMINAL


_TERMINAL = frozenset(
    {
        ActionPhase.SUCCEEDED,
        ActionPhase.FAILED,
        ActionPhase.ABORTED,
        ActionPhase.TIMED_OUT,
        ActionPhase.RECOVERED,
    }
)

__all__ = ["ActionID", "ActionPhase", "TaskContext"]
