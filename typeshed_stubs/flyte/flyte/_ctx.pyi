from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from flyte._checkpoint import Checkpoint

@dataclass(frozen=True, slots=True)
class ActionID:
    name: str
    run_name: str

@dataclass(frozen=True, slots=True)
class TaskContext:
    """The running task's view of its action; false outside a run."""

    action: ActionID | None
    @property
    def idempotency_key(self) -> str: ...
    @property
    def attempt_number(self) -> int: ...
    @property
    def checkpoint(self) -> Checkpoint | None: ...
    @property
    def custom_context(self) -> Mapping[str, str]: ...
    @property
    def data(self) -> dict[str, Any]: ...
    @property
    def mode(self) -> Literal["local", "remote", "hybrid"]: ...
    @property
    def version(self) -> str: ...
    def is_in_cluster(self) -> bool: ...
    def __bool__(self) -> bool: ...

def ctx() -> TaskContext: ...
