"""`TaskOptions`: everything that a task can be told, in one form, and how each may be said.

One table, `_READERS`, turns what a user writes into the one form of each option; three sets say
where which option may be written: on `env.task`, on `env.compiled_task`, on `.override`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import timedelta
from types import MappingProxyType
from typing import Any, Literal, Protocol, TypedDict, cast

from flyte._cache import Cache, CacheRequest
from flyte._checks import as_tuple, check_choice, check_keywords, check_string_map, check_type
from flyte._pod import PodTemplate
from flyte._resources import Resources
from flyte._retry import RetryStrategy, Timeout, TimeoutType
from flyte._reuse import ReusePolicy
from flyte._secret import Secret, SecretRequest, secrets_of

Order = Literal["dataflow", "program"]
MAX_INLINE_IO_BYTES = 10 * 1024 * 1024

_NO_CACHE = Cache(behavior="disable")
_NO_RETRIES = RetryStrategy(count=0)
_NO_TIMEOUT = Timeout()


@dataclass(frozen=True, slots=True)
class Documentation:
    """What a task is for, where its docstring shouldn't say it."""

    description: str
    long_description: str | None = None
    source_link: str | None = None

    def __post_init__(self) -> None:
        """Check the texts."""
        check_type("Documentation.description", self.description, str)
        for name in ("long_description", "source_link"):
            check_type(f"Documentation.{name}", getattr(self, name), str, type(None))


@dataclass(frozen=True, slots=True)
class Link:
    """An address shown beside a task's actions."""

    name: str
    uri: str

    def __post_init__(self) -> None:
        """Check both."""
        check_type("Link.name", self.name, str)
        check_type("Link.uri", self.uri, str)


class AnyLink(Protocol):
    """What is shown beside an action: a `Link`, or a class of one's own that makes its address."""

    @property
    def name(self) -> str:
        """What it is called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskOptions:
    """A task's options, with its environment's filled in."""

    short_name: str | None = None
    cache: Cache = _NO_CACHE
    retries: RetryStrategy = _NO_RETRIES
    timeout: Timeout = _NO_TIMEOUT
    docs: Documentation | None = None
    report: bool = False
    env_vars: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    secrets: tuple[Secret, ...] = ()
    resources: Resources | None = None
    reusable: ReusePolicy | None = None
    interruptible: bool = False
    queue: str | None = None
    service_account: str | None = None
    pod_template: str | PodTemplate | None = None
    max_inline_io_bytes: int = MAX_INLINE_IO_BYTES
    triggers: tuple[object, ...] = ()
    links: tuple[object, ...] = ()
    task_resolver: object | None = None
    entrypoint: bool = False
    produces_artifacts: bool = False
    plugin_config: object | None = None
    early: bool = True
    """Whether a compiled driver may start it before all earlier calls have succeeded."""
    order: Order = "dataflow"
    """Of a compiled task: whether its calls start when their inputs are there, or as written."""

    @property
    def has_one_attempt(self) -> bool:
        """Whether an attempt is never followed by another, nor cut short."""
        return self.retries.count == 0 and self.timeout == _NO_TIMEOUT


class TaskKeywords(TypedDict, total=False):
    """What `env.task` takes. None for one that the environment has too means the environment's."""

    short_name: str | None
    cache: CacheRequest | None
    retries: int | RetryStrategy
    timeout: TimeoutType | None
    docs: Documentation | None
    pod_template: str | PodTemplate | None
    report: bool
    interruptible: bool | None
    max_inline_io_bytes: int
    queue: str | None
    service_account: str | None
    triggers: object
    links: object
    task_resolver: object | None
    entrypoint: bool
    produces_artifacts: bool
    early: bool


class CompiledTaskKeywords(TaskKeywords, total=False):
    """What `env.compiled_task` takes."""

    order: Order


class OverrideKeywords(TypedDict, total=False):
    """What `.override` takes. Every value replaces the task's own, an empty one too."""

    short_name: str | None
    resources: Resources | None
    cache: CacheRequest | None
    retries: int | RetryStrategy
    timeout: TimeoutType | None
    reusable: ReusePolicy | Literal["off"] | None
    env_vars: dict[str, str] | None
    secrets: SecretRequest | None
    service_account: str | None
    max_inline_io_bytes: int
    pod_template: str | PodTemplate | None
    queue: str | None
    interruptible: bool | None
    entrypoint: bool
    produces_artifacts: bool
    links: object
    plugin_config: object | None
    report: bool
    early: bool


TASK_OPTIONS = frozenset(TaskKeywords.__annotations__)
COMPILED_TASK_OPTIONS = frozenset(CompiledTaskKeywords.__annotations__)
OVERRIDE_OPTIONS = frozenset(OverrideKeywords.__annotations__)

_NEVER_OVERRIDDEN = ("name", "image", "docs", "interface")
_INHERITED = ("cache", "interruptible", "queue", "service_account", "pod_template")
_FIXED_IN_A_WARM_WORKER = ("resources", "env_vars", "secrets", "service_account")


def define(
    inherited: TaskOptions, given: Mapping[str, object], *, where: str, is_compiled: bool
) -> TaskOptions:
    """The options of a new task; `inherited` are its environment's.

    Raises:
        TypeError: an option that doesn't exist there, or of a wrong type.
        ValueError: one of a wrong value.
    """
    allowed = COMPILED_TASK_OPTIONS if is_compiled else TASK_OPTIONS
    _refuse_environment_options(where, given, allowed)
    check_keywords(where, given, sorted(allowed))
    said = {k: v for k, v in given.items() if not (v is None and k in _INHERITED)}
    return with_options(inherited, said)


def override(options: TaskOptions, given: Mapping[str, object], *, where: str) -> TaskOptions:
    """`options` with what is given replaced.

    Raises:
        ValueError: one that can't be overridden, or of a wrong value.
        TypeError: one that doesn't exist, or of a wrong type.
    """
    for name in _NEVER_OVERRIDDEN:
        if name in given:
            raise ValueError(f"`{name}` of a task can't be overridden")
    check_keywords(where, given, sorted(OVERRIDE_OPTIONS))
    changed = with_options(options, given)
    fixed = [name for name in _FIXED_IN_A_WARM_WORKER if name in given]
    if changed.reusable is not None and fixed:
        raise ValueError(
            f"{where}: `{fixed[0]}` can't be overridden while the task runs in reusable workers, "
            'which have theirs already; add `reusable="off"`'
        )
    return changed


def with_options(options: TaskOptions, given: Mapping[str, object]) -> TaskOptions:
    """`options` with the given ones read and replaced; the names are known to exist."""
    read = {name: _READERS[name](name, value) for name, value in given.items()}
    return replace(options, **cast(Any, read))


def _refuse_environment_options(
    where: str, given: Mapping[str, object], allowed: frozenset[str]
) -> None:
    for name in ("resources", "env_vars", "secrets", "image", "reusable"):
        if name in given and name not in allowed:
            also = " (or of `.override`)" if name in OVERRIDE_OPTIONS else ""
            raise TypeError(f"{where}: `{name}` is an option of the environment{also}")


Reader = Callable[[str, Any], object]


def _of_type(*kinds: type) -> Reader:
    def read(name: str, value: object) -> object:
        check_type(name, value, *kinds)
        return value

    return read


def _anything(_name: str, value: object) -> object:
    return value


def _read_env_vars(name: str, value: object) -> object:
    given = dict(value) if isinstance(value, Mapping) else value or {}
    check_string_map(name, given)
    return MappingProxyType(cast(dict[str, str], given))


def _read_reusable(name: str, value: object) -> object:
    if value is None or value == "off":
        return None
    check_type(name, value, ReusePolicy, type(None))
    return value


def _read_order(name: str, value: object) -> object:
    check_choice(name, value, ("dataflow", "program"))
    return value


def _read_timeout(name: str, value: object) -> object:
    check_type(name, value, Timeout, timedelta, int, float, type(None))
    return Timeout.of(cast(Any, value))


def _read_links(name: str, value: object) -> object:
    links = as_tuple(value)
    for link in links:
        if not isinstance(getattr(link, "name", None), str):
            raise TypeError(f"`{name}` are `flyte.Link`s, or objects with a `name`; not {link!r}")
    return links


def _read_bytes(name: str, value: object) -> object:
    check_type(name, value, int)
    if cast(int, value) < 0:
        raise ValueError(f"`{name}` is not negative, but {value}")
    return value


_TEXT = _of_type(str, type(None))
_FLAG = _of_type(bool)

_READERS: Mapping[str, Reader] = {
    "short_name": _TEXT,
    "cache": lambda _name, value: Cache.of(value),
    "retries": lambda _name, value: RetryStrategy.of(value),
    "timeout": _read_timeout,
    "docs": _of_type(Documentation, type(None)),
    "report": _FLAG,
    "env_vars": _read_env_vars,
    "secrets": lambda _name, value: secrets_of(value),
    "resources": _of_type(Resources, type(None)),
    "reusable": _read_reusable,
    "interruptible": lambda name, value: bool(_of_type(bool, type(None))(name, value)),
    "queue": _TEXT,
    "service_account": _TEXT,
    "pod_template": _of_type(str, PodTemplate, type(None)),
    "max_inline_io_bytes": _read_bytes,
    "triggers": lambda _name, value: as_tuple(value),
    "links": _read_links,
    "task_resolver": _anything,
    "entrypoint": _FLAG,
    "produces_artifacts": _FLAG,
    "plugin_config": _anything,
    "early": _FLAG,
    "order": _read_order,
}

assert {option.name for option in fields(TaskOptions)} == set(_READERS)
