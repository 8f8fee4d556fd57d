from dataclasses import dataclass

@dataclass(frozen=True, slots=True)
class ActionID:
    name: str
    run_name: str

@dataclass(frozen=True, slots=True)
class TaskContext:
    action: ActionID | None
    @property
    def idempotency_key(self) -> str: ...
    def __bool__(self) -> bool: ...

def ctx() -> TaskContext: ...
