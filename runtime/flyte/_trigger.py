"""Triggers: when a deployed task runs by itself. Checked here, kept for a scheduler.

A task's triggers are checked against its parameters where the task is defined.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Self, final

from flyte._checks import check_string_map, check_type
from flyte._cron import check_cron


@final
class _TriggerTime:
    """Stands for the time at which a trigger fires."""

    def __repr__(self) -> str:
        return "TriggerTime"


@final
class _TriggeredArtifact:
    """Stands for the artifact that made a trigger fire."""

    def __repr__(self) -> str:
        return "TriggeredArtifact"


TriggerTime: Final = _TriggerTime()
TriggeredArtifact: Final = _TriggeredArtifact()


@dataclass(frozen=True)
class TriggeredPartition:
    """Stands for one partition of the artifact that made a trigger fire."""

    key: str


@dataclass(frozen=True)
class Cron:
    """A schedule of five fields (`"0 6 * * 1-5"`), or a name such as `@daily`, in a time zone.

    Raises:
        ValueError: an expression or a time zone that is none.
    """

    expression: str
    timezone: str = "UTC"

    def __post_init__(self) -> None:
        """Check both."""
        check_type("Cron.expression", self.expression, str)
        check_type("Cron.timezone", self.timezone, str)
        check_cron(self.expression)
        _check_zone(self.timezone)


@dataclass(frozen=True)
class FixedRate:
    """Every so many minutes, from `start_time` on.

    Raises:
        ValueError: less than a minute.
    """

    interval_minutes: int
    start_time: datetime | None = None

    def __post_init__(self) -> None:
        """Check both."""
        check_type("FixedRate.interval_minutes", self.interval_minutes, int)
        check_type("FixedRate.start_time", self.start_time, datetime, type(None))
        if self.interval_minutes < 1:
            raise ValueError(
                f"`FixedRate.interval_minutes` is at least 1, not {self.interval_minutes}"
            )


class OnArtifact:
    """Whenever an artifact of that name, and of those partitions, is published."""

    def __init__(
        self,
        name: str,
        version: str | None = None,
        partitions: Mapping[str, str] | None = None,
        **partition_kwargs: str,
    ) -> None:
        check_type("OnArtifact.name", name, str)
        check_type("OnArtifact.version", version, str, type(None))
        given = {**(partitions or {}), **partition_kwargs}
        check_string_map("OnArtifact.partitions", given)
        self.name = name
        self.version = version
        self.partitions: Mapping[str, str] | None = given or None


Automation = Cron | FixedRate | OnArtifact


@dataclass(frozen=True)
class Trigger:
    """A name, when it fires, and what the task is given then.

    Raises:
        TypeError, ValueError: an option that is none, with what is allowed.
    """

    name: str
    automation: Automation | None = None
    description: str = ""
    auto_activate: bool = True
    inputs: dict[str, Any] | None = None
    env_vars: dict[str, str] | None = None
    interruptible: bool | None = None
    overwrite_cache: bool = False
    queue: str | None = None
    max_action_concurrency: int | None = None
    labels: Mapping[str, str] | None = None
    annotations: Mapping[str, str] | None = None
    notifications: object | None = None
    custom_context: Mapping[str, str] | None = None

    def __post_init__(self) -> None:
        """Check the options."""
        check_type("Trigger.name", self.name, str)
        if not self.name:
            raise ValueError("`Trigger.name` isn't empty")
        kinds = (Cron, FixedRate, OnArtifact, type(None))
        check_type("Trigger.automation", self.automation, *kinds)
        check_type("Trigger.inputs", self.inputs, dict, type(None))
        for name in ("env_vars", "labels", "annotations", "custom_context"):
            given = getattr(self, name)
            if given is not None:
                check_string_map(f"Trigger.{name}", dict(given))
        if self.max_action_concurrency is not None and self.max_action_concurrency < 2:
            raise ValueError(
                f"`Trigger.max_action_concurrency` is at least 2, not {self.max_action_concurrency}"
            )

    @classmethod
    def minutely(
        cls, trigger_time_input_key: str | None = None, *, name: str = "minutely", **options: Any
    ) -> Self:
        """Every minute; that input gets the time."""
        return cls._every("* * * * *", trigger_time_input_key, name, options)

    @classmethod
    def hourly(
        cls, trigger_time_input_key: str | None = None, *, name: str = "hourly", **options: Any
    ) -> Self:
        """At the start of each hour; that input gets the time."""
        return cls._every("0 * * * *", trigger_time_input_key, name, options)

    @classmethod
    def daily(
        cls, trigger_time_input_key: str | None = None, *, name: str = "daily", **options: Any
    ) -> Self:
        """At midnight (UTC); that input gets the time."""
        return cls._every("0 0 * * *", trigger_time_input_key, name, options)

    @classmethod
    def weekly(
        cls, trigger_time_input_key: str | None = None, *, name: str = "weekly", **options: Any
    ) -> Self:
        """At midnight (UTC) before each Sunday; that input gets the time."""
        return cls._every("0 0 * * 0", trigger_time_input_key, name, options)

    @classmethod
    def monthly(
        cls, trigger_time_input_key: str | None = None, *, name: str = "monthly", **options: Any
    ) -> Self:
        """At midnight (UTC) before each first of a month; that input gets the time."""
        return cls._every("0 0 1 * *", trigger_time_input_key, name, options)

    @classmethod
    def _every(
        cls, expression: str, time_input: str | None, name: str, options: dict[str, Any]
    ) -> Self:
        bound = {} if time_input is None else {time_input: TriggerTime}
        inputs = {**bound, **(options.pop("inputs", None) or {})}
        return cls(name, Cron(expression), inputs=inputs or None, **options)


def check_triggers(owner: str, triggers: tuple[object, ...], parameters: tuple[str, ...]) -> None:
    """Refuse what a task's `triggers=` can't be.

    Raises:
        TypeError: something else than a trigger; an input that the task doesn't have.
        ValueError: two of one name.
    """
    seen: set[str] = set()
    for trigger in triggers:
        check_type(f"triggers of task `{owner}`", trigger, Trigger)
        assert isinstance(trigger, Trigger)
        if trigger.name in seen:
            raise ValueError(f"task `{owner}` has two triggers named `{trigger.name}`")
        seen.add(trigger.name)
        unknown = [name for name in trigger.inputs or () if name not in parameters]
        if unknown:
            from flyte._near import did_you_mean  # noqa: PLC0415 - only on this path

            hint = did_you_mean(unknown[0], parameters)
            raise TypeError(
                f"trigger `{trigger.name}` of task `{owner}` sets `{unknown[0]}`, which is none of "
                f"its parameters{hint}"
            )


def _check_zone(name: str) -> None:
    if name == "UTC":
        return
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError  # noqa: PLC0415 - keeps start-up light

    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(
            f"`Cron.timezone` is a name such as `Europe/Paris`, not {name!r}"
        ) from None
