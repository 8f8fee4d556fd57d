from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal, Protocol, TypeAlias, runtime_checkable

CacheBehavior: TypeAlias = Literal["auto", "override", "disable"]

@dataclass(frozen=True, slots=True)
class VersionParameters:
    func: Callable[..., Any] | None
    image: object | None = None
    code_bundle: object | None = None

@runtime_checkable
class CachePolicy(Protocol):
    def get_version(self, salt: str, params: VersionParameters) -> str: ...

@dataclass(frozen=True, slots=True)
class Cache:
    behavior: CacheBehavior = "auto"
    version_override: str | None = None
    serialize: bool = True
    ignored_inputs: tuple[str, ...] | str = ()
    salt: str = ""
    policies: tuple[CachePolicy, ...] | list[CachePolicy] | CachePolicy | None = None
    max_age: timedelta | int | None = None
    def is_enabled(self) -> bool: ...
    def get_ignored_inputs(self) -> tuple[str, ...]: ...
    def get_version(self, params: VersionParameters) -> str | None: ...

CacheRequest: TypeAlias = Cache | CacheBehavior
