from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias

@dataclass(frozen=True, slots=True)
class Backoff:
    base: timedelta
    factor: float = 1.0
    cap: timedelta | None = None
    def delay(self, retry: int) -> timedelta: ...

@dataclass(frozen=True, slots=True)
class RetryStrategy:
    count: int
    backoff: Backoff | None = None

@dataclass(frozen=True, slots=True)
class Timeout:
    max_runtime: timedelta | float | None = None
    max_queued_time: timedelta | float | None = None
    deadline: timedelta | float | None = None

TimeoutType: TypeAlias = Timeout | timedelta | int | float
