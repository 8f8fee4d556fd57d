"""`ReusePolicy`: workers that stay warm between the actions of an environment's tasks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from flyte._checks import check_choice, check_type

_LEAST = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class ReusePolicy:
    """How many workers, how many actions at once in each, and when idle ones go.

    `replicas` is a number or (fewest, most); times are `timedelta` or seconds, at least 30 s.

    Raises:
        ValueError: a number below 1, fewest above most, a time below 30 s.
    """

    replicas: int | tuple[int, int] = 2
    idle_ttl: timedelta | int = _LEAST
    concurrency: int = 1
    scaledown_ttl: timedelta | int = _LEAST
    scope: Literal["global", "run"] = "global"

    def __post_init__(self) -> None:
        """Bring the options to one form and check them."""
        object.__setattr__(self, "replicas", _replicas(self.replicas))
        for name in ("idle_ttl", "scaledown_ttl"):
            object.__setattr__(self, name, _time(name, getattr(self, name)))
        check_type("ReusePolicy.concurrency", self.concurrency, int)
        if self.concurrency < 1:
            raise ValueError(f"`ReusePolicy.concurrency` is at least 1, not {self.concurrency}")
        check_choice("ReusePolicy.scope", self.scope, ("global", "run"))

    @property
    def min_replicas(self) -> int:
        """The fewest workers."""
        return self.replicas[0] if isinstance(self.replicas, tuple) else self.replicas

    @property
    def max_replicas(self) -> int:
        """The most workers."""
        return self.replicas[1] if isinstance(self.replicas, tuple) else self.replicas


def _replicas(given: object) -> tuple[int, int]:
    check_type("ReusePolicy.replicas", given, int, tuple)
    pair = given if isinstance(given, tuple) else (given, given)
    if len(pair) != 2:
        raise ValueError(f"`ReusePolicy.replicas` is a number or (fewest, most), not {given!r}")
    for number in pair:
        check_type("ReusePolicy.replicas", number, int)
    fewest, most = pair
    if not (0 <= fewest <= most and most >= 1):
        raise ValueError(
            f"`ReusePolicy.replicas` has at least 1 worker and fewest ≤ most, not {given!r}"
        )
    return fewest, most


def _time(name: str, given: timedelta | int) -> timedelta:
    check_type(f"ReusePolicy.{name}", given, timedelta, int)
    time = given if isinstance(given, timedelta) else timedelta(seconds=given)
    if time < _LEAST:
        raise ValueError(f"`ReusePolicy.{name}` is at least 30 seconds, not {given!r}")
    return time
