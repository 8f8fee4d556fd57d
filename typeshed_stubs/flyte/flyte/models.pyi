from enum import StrEnum

from flyte._ctx import ActionID as ActionID
from flyte._ctx import TaskContext as TaskContext

class ActionPhase(StrEnum):
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
    def is_terminal(self) -> bool: ...
