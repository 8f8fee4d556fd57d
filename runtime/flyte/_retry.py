"""`RetryStrategy`, `Backoff` and `Timeout`: when an attempt fails or takes too long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flyte._checks import check_type

_NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True)
class Backoff:
    """The wait before retry n (from 0): `min(base * factor ** n, cap)`.

    Raises:
        ValueError: a negative time, a factor below 1, or one above 1 without a `cap`.
    """

    base: timedelta
    factor: float = 1.0
    cap: timedelta | None = None

    def __post_init__(self) -> None:
        """Check the options."""
        check_type("Backoff.base", self.base, timedelta)
        check_type("Backoff.factor", self.factor, int, float)
        check_type("Backoff.cap", self.cap, timedelta, type(None))
        if self.base < _NOTHING:
            raise ValueError(f"`Backoff.base` is not negative, but {self.base}")
        if self.factor < 1:
            raise ValueError(f"`Backoff.factor` is at least 1, not {self.factor}")
        if self.factor > 1 and self.cap is None:
            raise ValueError("`Backoff.cap` is needed where `factor` is more than 1")
        if self.cap is not None and self.cap < self.base:
            raise ValueError(f"`Backoff.cap` ({self.cap}) is at least `base` ({self.base})")

    def delay(self, retry: int) -> timedelta:
        """The wait before `retry`, counted from 0."""
        if self.cap is None:  # then the factor is 1
            return self.base
        try:
            return min(self.base * self.factor**retry, self.cap)
        except OverflowError:
            return self.cap


@dataclass(frozen=True, slots=True)
class RetryStrategy:
    """How many more attempts a failed task gets, and how long it waits before each.

    Raises:
        ValueError: a negative count.
    """

    count: int
    backoff: Backoff | None = None

    def __post_init__(self) -> None:
        """Check the options."""
        given: object = self.count
        if not isinstance(given, int) or isinstance(given, bool):
            raise ValueError(f"`retries` is an `int` or a `RetryStrategy`, not {given!r}")
        if self.count < 0:
            raise ValueError(f"`retries` is not negative, but {self.count}")
        check_type("RetryStrategy.backoff", self.backoff, Backoff, type(None))

    @classmethod
    def of(cls, request: RetryStrategy | int | None) -> RetryStrategy:
        """From what `retries=` takes; None is none."""
        if isinstance(request, RetryStrategy):
            return request
        return cls(count=0 if request is None else request)


@dataclass(frozen=True, slots=True)
class Timeout:
    """How long a task may take: an attempt, in the queue, and all in all.

    An `int` or `float` is seconds; nothing, and zero, is no limit.

    Raises:
        ValueError: a negative time.
    """

    max_runtime: timedelta | float | None = None
    max_queued_time: timedelta | float | None = None
    deadline: timedelta | float | None = None

    def __post_init__(self) -> None:
        """Bring each limit to a `timedelta` or None."""
        for name in ("max_runtime", "max_queued_time", "deadline"):
            object.__setattr__(self, name, _limit(name, getattr(self, name)))

    @classmethod
    def of(cls, request: TimeoutType | None) -> Timeout:
        """From what `timeout=` takes; a time alone is `max_runtime`."""
        return request if isinstance(request, Timeout) else cls(max_runtime=request)

    def seconds(self) -> tuple[float | None, float | None, float | None]:
        """The limits in seconds: an attempt's, the queue's, all in all."""
        attempt, queued, deadline = (
            limit.total_seconds() if isinstance(limit, timedelta) else None
            for limit in (self.max_runtime, self.max_queued_time, self.deadline)
        )
        return attempt, queued, deadline


TimeoutType = Timeout | timedelta | int | float
"""What `timeout=` takes."""


def _limit(name: str, given: timedelta | float | None) -> timedelta | None:
    check_type(f"Timeout.{name}", given, timedelta, int, float, type(None))
    limit = given if isinstance(given, timedelta) or given is None else timedelta(seconds=given)
    if limit is not None and limit < _NOTHING:
        raise ValueError(f"`Timeout.{name}` is not negative, but {limit}")
    return limit or None
