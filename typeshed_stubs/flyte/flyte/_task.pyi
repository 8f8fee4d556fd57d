"""Tasks: what `env.task` makes of a function, with the function's parameters and result."""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, Generic, Literal, ParamSpec, Self, TypeAlias, TypeVar

from flyte._cache import CacheRequest
from flyte._environment import TaskEnvironment
from flyte._options import AnyLink
from flyte._pod import PodTemplate
from flyte._resources import Resources
from flyte._retry import RetryStrategy, TimeoutType
from flyte._reuse import ReusePolicy
from flyte._secret import SecretRequest

_P = ParamSpec("_P")
_R_co = TypeVar("_R_co", covariant=True)

TaskKind: TypeAlias = Literal["task", "compiled_task"]

class Task(Generic[_P, _R_co]):
    """A task whose function is `def`: a call gives the result."""

    name: str
    function: Callable[_P, Any]
    environment: TaskEnvironment
    kind: TaskKind
    __name__: str
    __qualname__: str

    def __call__(self, *args: _P.args, **kwargs: _P.kwargs) -> _R_co: ...
    # `async def`, not `-> Coroutine[Any, Any, R]`: with that, `asyncio.gather(t.aio(1), u.aio(2))`
    # is `Any` to mypy.
    async def aio(self, *args: _P.args, **kwargs: _P.kwargs) -> _R_co: ...
    @property
    def func(self) -> Callable[_P, Any]: ...
    @property
    def forward(self) -> Callable[_P, _R_co]: ...
    def override(
        self,
        *,
        short_name: str | None = ...,
        resources: Resources | None = ...,
        cache: CacheRequest | None = ...,
        retries: int | RetryStrategy = ...,
        timeout: TimeoutType | None = ...,
        reusable: ReusePolicy | Literal["off"] | None = ...,
        env_vars: dict[str, str] | None = ...,
        secrets: SecretRequest | None = ...,
        service_account: str | None = ...,
        max_inline_io_bytes: int = ...,
        pod_template: str | PodTemplate | None = ...,
        queue: str | None = ...,
        interruptible: bool | None = ...,
        entrypoint: bool = ...,
        produces_artifacts: bool = ...,
        links: AnyLink | tuple[AnyLink, ...] = ...,
        plugin_config: object | None = ...,
        report: bool = ...,
        early: bool = ...,
    ) -> Self: ...
    @property
    def short_name(self) -> str: ...
    @property
    def qualified_name(self) -> str: ...
    @property
    def module(self) -> str: ...
    @property
    def source_file(self) -> Path | None: ...
    @property
    def line(self) -> int: ...

class AsyncTask(Task[_P, _R_co]):
    """A task whose function is `async def`: a call gives a coroutine."""

    async def __call__(  # type: ignore[override]  # a call gives it later
        self, *args: _P.args, **kwargs: _P.kwargs
    ) -> _R_co: ...
    @property
    def forward(self) -> Callable[_P, Coroutine[Any, Any, _R_co]]: ...  # type: ignore[override]

TaskTemplate: TypeAlias = Task
AsyncFunctionTaskTemplate: TypeAlias = Task
