"""Deployed tasks and their runs."""

from typing import Any, Generic, Literal, ParamSpec, Self, TypeAlias, TypeVar

from flyte._ended_run import ActionOutputs as ActionOutputs
from flyte._ended_run import Run as Run

_P = ParamSpec("_P")
_R_co = TypeVar("_R_co", covariant=True)

AutoVersioning: TypeAlias = Literal["latest", "current"]

class LazyEntity(Generic[_P, _R_co]):
    """A deployed task: always called from asynchronous code, whatever its function is."""

    @property
    def name(self) -> str: ...
    async def __call__(self, *args: _P.args, **kwargs: _P.kwargs) -> _R_co: ...
    def override(self, **kwargs: Any) -> Self: ...

class Task:
    @staticmethod
    def get(
        name: str,
        project: str | None = None,
        domain: str | None = None,
        version: str | None = None,
        auto_version: AutoVersioning | None = None,
    ) -> LazyEntity[..., Any]: ...
