"""The body of a traced function: the user's own code, which may call no tasks."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from flyte._context import CURRENT_DRIVER
from flyte._engine.calls import Call
from flyte._engine.results import as_called
from flyte.errors import TraceDoesNotAllowNestedTasksError

if TYPE_CHECKING:
    from flyte._engine.action import Action
    from flyte._task import Task
    from flyte._trace import Trace


class TraceGuard:
    """The driver as a traced helper sees it: no tasks; traces inside are part of this one.

    `flyte.ctx()` in the helper is the traced call's own.
    """

    def __init__(self, call: Call, driver: object) -> None:
        action = getattr(driver, "action", None)
        self._trace = call.name
        self.action = None if action is None else TracedAction(call, action)

    def call(
        self, task: Task[..., Any], arguments: Mapping[str, object]
    ) -> Coroutine[Any, Any, Any]:
        raise self._refusal(task)

    def call_blocking(self, task: Task[..., Any], arguments: Mapping[str, object]) -> object:
        raise self._refusal(task)

    def trace(self, trace: Trace[..., Any], arguments: Mapping[str, object]) -> Any:
        return function_of(trace, arguments)()

    def _refusal(self, task: Task[..., Any]) -> TraceDoesNotAllowNestedTasksError:
        return TraceDoesNotAllowNestedTasksError(
            f"task `{task.name}` is called inside the traced function `{self._trace}`; call tasks "
            "from tasks"
        )


def function_of(trace: Trace[..., Any], arguments: Mapping[str, object]) -> Callable[[], Any]:
    """The user's own function, its arguments bound."""
    args, kwargs = as_called(trace.interface, arguments)
    return lambda: trace.function(*args, **kwargs)


class TracedAction:
    """A traced call, as `flyte.ctx()` and the kept logs know an action."""

    def __init__(self, call: Call, driver: Action) -> None:
        self.id = call.id
        self.name = call.name
        self.run = driver.run
        self.number = driver.number


@contextmanager
def guarded(call: Call) -> Iterator[None]:
    """While a trace's own code runs, tasks are refused."""
    token = CURRENT_DRIVER.set(TraceGuard(call, CURRENT_DRIVER.get()))
    try:
        yield
    finally:
        CURRENT_DRIVER.reset(token)
