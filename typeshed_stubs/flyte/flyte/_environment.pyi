"""`TaskEnvironment`: tasks that share an image, resources and defaults."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any, ParamSpec, Protocol, TypeVar, overload

from flyte._cache import CacheRequest
from flyte._image import Image
from flyte._options import AnyLink, Documentation, Order
from flyte._pod import PodTemplate
from flyte._resources import Resources
from flyte._retry import RetryStrategy, TimeoutType
from flyte._reuse import ReusePolicy
from flyte._secret import SecretRequest
from flyte._task import AsyncTask, Task
from flyte._trigger import Trigger

_P = ParamSpec("_P")
_R = TypeVar("_R")

class TaskDecorator(Protocol):
    @overload
    def __call__(self, function: Callable[_P, Coroutine[Any, Any, _R]], /) -> AsyncTask[_P, _R]: ...
    @overload
    def __call__(self, function: Callable[_P, _R], /) -> Task[_P, _R]: ...

class Environment:
    """What `depends_on` and `deploy` take: an environment of tasks, or of another kind."""

    name: str
    description: str | None
    image: str | Image | None
    include: tuple[str, ...]

    def __init__(
        self,
        name: str,
        *,
        depends_on: Sequence[Environment] = (),
        description: str | None = None,
        image: str | Image | None = "auto",
        include: Sequence[str] = (),
    ) -> None: ...
    def add_dependency(self, *environments: Environment) -> None: ...

class TaskEnvironment(Environment):
    def __init__(
        self,
        name: str,
        depends_on: Sequence[Environment] = (),
        pod_template: str | PodTemplate | None = None,
        description: str | None = None,
        secrets: SecretRequest | None = None,
        env_vars: dict[str, str] | None = None,
        resources: Resources | None = None,
        interruptible: bool = False,
        image: str | Image | None = "auto",
        include: Sequence[str] = (),
        service_account: str | None = None,
        cache: CacheRequest = "disable",
        reusable: ReusePolicy | None = None,
        plugin_config: object | None = None,
        queue: str | None = None,
    ) -> None: ...
    @property
    def tasks(self) -> Mapping[str, Task[..., Any]]: ...
    @property
    def depends_on(self) -> tuple[Environment, ...]: ...
    @overload
    def task(self, function: Callable[_P, Coroutine[Any, Any, _R]], /) -> AsyncTask[_P, _R]: ...
    @overload
    def task(self, function: Callable[_P, _R], /) -> Task[_P, _R]: ...
    @overload
    def task(
        self,
        function: None = None,
        /,
        *,
        short_name: str | None = ...,
        cache: CacheRequest | None = ...,
        retries: int | RetryStrategy = ...,
        timeout: TimeoutType | None = ...,
        docs: Documentation | None = ...,
        pod_template: str | PodTemplate | None = ...,
        report: bool = ...,
        interruptible: bool | None = ...,
        max_inline_io_bytes: int = ...,
        queue: str | None = ...,
        service_account: str | None = ...,
        triggers: Trigger | tuple[Trigger, ...] = ...,
        links: AnyLink | tuple[AnyLink, ...] = ...,
        task_resolver: object | None = ...,
        entrypoint: bool = ...,
        produces_artifacts: bool = ...,
        early: bool = ...,
    ) -> TaskDecorator: ...
    @overload
    def compiled_task(
        self, function: Callable[_P, Coroutine[Any, Any, _R]], /
    ) -> AsyncTask[_P, _R]: ...
    @overload
    def compiled_task(self, function: Callable[_P, _R], /) -> Task[_P, _R]: ...
    @overload
    def compiled_task(
        self,
        function: None = None,
        /,
        *,
        order: Order = ...,
        short_name: str | None = ...,
        cache: CacheRequest | None = ...,
        retries: int | RetryStrategy = ...,
        timeout: TimeoutType | None = ...,
        docs: Documentation | None = ...,
        pod_template: str | PodTemplate | None = ...,
        report: bool = ...,
        interruptible: bool | None = ...,
        max_inline_io_bytes: int = ...,
        queue: str | None = ...,
        service_account: str | None = ...,
        triggers: Trigger | tuple[Trigger, ...] = ...,
        links: AnyLink | tuple[AnyLink, ...] = ...,
        task_resolver: object | None = ...,
        entrypoint: bool = ...,
        produces_artifacts: bool = ...,
        early: bool = ...,
    ) -> TaskDecorator: ...
    def clone_with(
        self,
        name: str,
        *,
        depends_on: Sequence[Environment] = ...,
        pod_template: str | PodTemplate | None = ...,
        description: str | None = ...,
        secrets: SecretRequest | None = ...,
        env_vars: dict[str, str] | None = ...,
        resources: Resources | None = ...,
        interruptible: bool = ...,
        image: str | Image | None = ...,
        include: Sequence[str] = ...,
        service_account: str | None = ...,
        cache: CacheRequest = ...,
        reusable: ReusePolicy | None = ...,
        plugin_config: object | None = ...,
        queue: str | None = ...,
    ) -> TaskEnvironment: ...
    @classmethod
    def from_task(
        cls, name: str, *tasks: Task[..., Any], depends_on: Sequence[Environment] | None = None
    ) -> TaskEnvironment: ...

def environments() -> Mapping[str, TaskEnvironment]: ...
