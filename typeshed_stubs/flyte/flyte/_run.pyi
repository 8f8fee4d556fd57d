"""`flyte.run`: start a task as a run."""

from typing import ParamSpec, TypeVar

from flyte.remote import LazyEntity

from flyte._ended_run import ActionOutputs as ActionOutputs
from flyte._ended_run import Run as Run
from flyte._task import Task

_P = ParamSpec("_P")
_R = TypeVar("_R")

class _Runner:
    def __call__(
        self, task: Task[_P, _R] | LazyEntity[_P, _R], /, *args: _P.args, **kwargs: _P.kwargs
    ) -> Run[_R]: ...
    async def aio(
        self, task: Task[_P, _R] | LazyEntity[_P, _R], /, *args: _P.args, **kwargs: _P.kwargs
    ) -> Run[_R]: ...

run: _Runner
