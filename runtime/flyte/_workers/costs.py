"""What attempts of a task took, in this process: the ground on which `auto` decides.

Recent attempts count for more, so a task whose inputs grow is seen to grow.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

HEAVY_SECONDS = 0.02
"""Of processor time: from here on a worker's round trip and its record are small beside it."""
LIGHT_SECONDS = 0.005
"""A task that has run in a worker comes back when it takes less than this."""
BUSY_SHARE = 0.4
"""Of its time that a body computes, rather than waits, from which on it counts as CPU-bound."""


@dataclass(frozen=True, slots=True)
class Spent:
    """What one attempt took."""

    cpu: float
    """Seconds of a processor."""
    seconds: float
    """Seconds, without those in which others of this process kept it from computing."""


@dataclass(slots=True)
class Cost:
    """Of one task: averages of attempts, half of the weight on the last."""

    cpu: float
    seconds: float
    is_heavy: bool = False

    def note(self, spent: Spent) -> None:
        """Take another attempt into account."""
        self.cpu = (self.cpu + spent.cpu) / 2
        self.seconds = (self.seconds + spent.seconds) / 2
        self.judge()

    def judge(self) -> None:
        """Decide again; between the two limits it stays what it was."""
        if self.cpu < BUSY_SHARE * self.seconds or self.cpu < LIGHT_SECONDS:
            self.is_heavy = False
        elif self.cpu >= HEAVY_SECONDS:
            self.is_heavy = True


_COSTS: dict[Callable[..., Any], Cost] = {}


def cost_of(function: Callable[..., Any]) -> Cost | None:
    """What is known of a task's function."""
    return _COSTS.get(function)


def note_cost(function: Callable[..., Any], spent: Spent) -> None:
    """An attempt has ended."""
    known = _COSTS.get(function)
    if known is None:
        known = _COSTS[function] = Cost(spent.cpu, spent.seconds)
    known.note(spent)


def judge_running(function: Callable[..., Any], spent: Spent) -> None:
    """A first attempt still runs: whether it computes or waits is what there is to know."""
    is_heavy = spent.cpu >= BUSY_SHARE * spent.seconds
    _COSTS[function] = Cost(max(spent.cpu, HEAVY_SECONDS), spent.seconds, is_heavy)


def forget_costs() -> None:
    """Know nothing again, as a fresh process does."""
    _COSTS.clear()
