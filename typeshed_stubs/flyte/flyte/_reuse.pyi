from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

@dataclass(frozen=True, slots=True)
class ReusePolicy:
    replicas: int | tuple[int, int] = 2
    idle_ttl: timedelta | int = ...
    concurrency: int = 1
    scaledown_ttl: timedelta | int = ...
    scope: Literal["global", "run"] = "global"
    @property
    def min_replicas(self) -> int: ...
    @property
    def max_replicas(self) -> int: ...
