"""`Cache`: whether, and under which key, a task's results are shared between runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal, Protocol, runtime_checkable

from flyte._checks import as_tuple, check_choice, check_type

CacheBehavior = Literal["auto", "override", "disable"]

_BEHAVIORS: tuple[CacheBehavior, ...] = ("auto", "override", "disable")
_ALIASES: dict[str, CacheBehavior] = {
    **dict.fromkeys(("enable", "enabled", "on", "true", "yes"), "auto"),
    **dict.fromkeys(("off", "false", "no", "none", "disabled"), "disable"),
}


@dataclass(frozen=True, slots=True)
class VersionParameters:
    """What a `CachePolicy` makes a version from."""

    func: Callable[..., Any] | None
    image: object | None = None
    code_bundle: object | None = None


@runtime_checkable
class CachePolicy(Protocol):
    """A user's own way to a cache version."""

    def get_version(self, salt: str, params: VersionParameters) -> str:
        """A text that changes when recorded results must no longer be used."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Cache:
    """How a task is cached.

    `auto` uses recorded results, `override` runs and records anew, `disable` does neither.
    The version is `version_override`, else what `policies` make, else the task's source closure.
    `ignored_inputs` are left out of the key, `salt` is added to it; with `serialize`, one of
    several equal calls runs and the others wait for it; a record older than `max_age` (a
    `timedelta`, or seconds) isn't used.

    Raises:
        TypeError, ValueError: an option that is none, with what is allowed.
    """

    behavior: CacheBehavior = "auto"
    version_override: str | None = None
    serialize: bool = True
    ignored_inputs: tuple[str, ...] | str = ()
    salt: str = ""
    policies: tuple[CachePolicy, ...] | list[CachePolicy] | CachePolicy | None = None
    max_age: timedelta | int | None = field(default=None)

    def __post_init__(self) -> None:
        """Bring each option to its one form."""
        object.__setattr__(self, "behavior", _behavior(self.behavior))
        check_type("Cache.version_override", self.version_override, str, type(None))
        check_type("Cache.serialize", self.serialize, bool)
        check_type("Cache.salt", self.salt, str)
        object.__setattr__(self, "ignored_inputs", as_tuple(self.ignored_inputs))
        for name in self.ignored_inputs:
            check_type("Cache.ignored_inputs", name, str)
        object.__setattr__(self, "policies", as_tuple(self.policies))
        for policy in as_tuple(self.policies):
            if not isinstance(policy, CachePolicy):
                raise TypeError(
                    f"`Cache.policies` have a method `get_version`; {policy!r} has none"
                )
        object.__setattr__(self, "max_age", _age(self.max_age))

    @classmethod
    def of(cls, request: Cache | str | None) -> Cache:
        """A cache from what a user writes: a `Cache`, a behavior or one of its aliases.

        None is `disable`.
        """
        if isinstance(request, Cache):
            return request
        return cls(behavior=_behavior("disable" if request is None else request))

    def is_enabled(self) -> bool:
        """Whether results are recorded for other runs."""
        return self.behavior != "disable"

    def get_ignored_inputs(self) -> tuple[str, ...]:
        """The inputs that are left out of the key."""
        return as_tuple(self.ignored_inputs)

    def get_version(self, params: VersionParameters) -> str | None:
        """The version that the user determines; None where the source closure is the version."""
        if self.version_override is not None:
            return self.version_override
        versions = [policy.get_version(self.salt, params) for policy in as_tuple(self.policies)]
        return "\n".join(f"{len(version)}:{version}" for version in versions) or None


CacheRequest = Cache | Literal["auto", "override", "disable"]
"""What `cache=` takes."""


def _behavior(given: object) -> CacheBehavior:
    check_type("cache", given, str, Cache)
    text = str(given).lower()
    behavior = _ALIASES.get(text, text)
    check_choice("cache", behavior, _BEHAVIORS)
    return next(known for known in _BEHAVIORS if known == behavior)


def _age(given: timedelta | int | None) -> timedelta | None:
    check_type("Cache.max_age", given, timedelta, int, type(None))
    age = timedelta(seconds=given) if isinstance(given, int) else given
    if age is not None and age <= timedelta(0):
        raise ValueError(f"`Cache.max_age` is more than nothing, not {given!r}")
    return age
