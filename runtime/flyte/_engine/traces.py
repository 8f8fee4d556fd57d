"""Traced helpers: checkpoints inside an action, run by the action's own body.

A trace is admitted (its record, or leave to run), runs where it was called, and tells its
outcome, which is durable and in its turn before the body goes on. A generator's items are
recorded when it ends, and replayed once.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from flyte._context import CURRENT_DRIVER
from flyte._engine.calls import Call
from flyte._engine.failure import decode_error, encode_error
from flyte._engine.outcomes import open_outcome
from flyte._engine.results import as_called
from flyte._engine.values import encode_value
from flyte._journal.records import Outcome
from flyte.errors import TraceDoesNotAllowNestedTasksError

if TYPE_CHECKING:
    from flyte._engine.action import Action
    from flyte._task import Task
    from flyte._trace import Trace, TraceForm


class TraceGuard:
    """The driver as a traced helper sees it: no tasks; traces inside are part of this one."""

    def __init__(self, trace: str) -> None:
        self._trace = trace

    def call(
        self, task: Task[..., Any], arguments: Mapping[str, object]
    ) -> Coroutine[Any, Any, Any]:
        raise self._refusal(task)

    def call_blocking(self, task: Task[..., Any], arguments: Mapping[str, object]) -> object:
        raise self._refusal(task)

    def trace(self, trace: Trace[..., Any], arguments: Mapping[str, object]) -> Any:
        return _function(trace, arguments)()

    def _refusal(self, task: Task[..., Any]) -> TraceDoesNotAllowNestedTasksError:
        return TraceDoesNotAllowNestedTasksError(
            f"task `{task.name}` is called inside the traced function `{self._trace}`; call tasks "
            "from tasks"
        )


async def run_trace(action: Action, call: Call, arguments: Mapping[str, object]) -> Any:
    """A traced function's value, recorded or run now; for both kinds of function."""
    outcome = await action.admit(call)
    if outcome is None:
        with _guarded(call):
            outcome = await _outcome_async(_function(call.target, arguments))
        await action.tell(call, outcome)
    return open_outcome(outcome)


def run_trace_blocking(action: Action, call: Call, arguments: Mapping[str, object]) -> object:
    """As `run_trace`, for a synchronous function called from any body."""
    outcome = action.admit_blocking(call)
    if outcome is None:
        with _guarded(call):
            outcome = _outcome(_function(call.target, arguments))
        action.tell_blocking(call, outcome)
    return open_outcome(outcome)


async def trace_items(
    action: Action, call: Call, arguments: Mapping[str, object]
) -> AsyncIterator[Any]:
    """The items of a traced asynchronous generator."""
    outcome = await action.admit(call)
    if outcome is not None:
        for item in _replayed(outcome):
            yield item
        return
    items: list[object] = []
    error: BaseException | None = None
    source = _function(call.target, arguments)()
    try:
        while True:
            with _guarded(call):
                items.append(await anext(source))
            yield items[-1]
    except StopAsyncIteration:
        pass
    except Exception as raised:
        error = raised
    await action.tell(call, _recorded_items(items, error))
    if error is not None:
        raise error


def trace_items_blocking(
    action: Action, call: Call, arguments: Mapping[str, object]
) -> Iterator[Any]:
    """The items of a traced generator."""
    outcome = action.admit_blocking(call)
    if outcome is not None:
        yield from _replayed(outcome)
        return
    items: list[object] = []
    error: BaseException | None = None
    source = _function(call.target, arguments)()
    try:
        while True:
            with _guarded(call):
                items.append(next(source))
            yield items[-1]
    except StopIteration:
        pass
    except Exception as raised:
        error = raised
    action.tell_blocking(call, _recorded_items(items, error))
    if error is not None:
        raise error


def _function(trace: Trace[..., Any], arguments: Mapping[str, object]) -> Callable[[], Any]:
    args, kwargs = as_called(trace.interface, arguments)
    return lambda: trace.function(*args, **kwargs)


async def _outcome_async(function: Callable[[], Any]) -> Outcome:
    try:
        value = function()
        return Outcome("value", encode_value(await value if hasattr(value, "__await__") else value))
    except Exception as error:
        return Outcome("error", encode_error(error))


def _outcome(function: Callable[[], Any]) -> Outcome:
    try:
        return Outcome("value", encode_value(function()))
    except Exception as error:
        return Outcome("error", encode_error(error))


def _recorded_items(items: list[object], error: BaseException | None) -> Outcome:
    return Outcome("value", encode_value([items, None if error is None else encode_error(error)]))


def _replayed(outcome: Outcome) -> Iterator[object]:
    items, error = cast(tuple[list[object], bytes | None], open_outcome(outcome))
    yield from items
    if error is not None:
        raise decode_error(error)


@contextmanager
def _guarded(call: Call) -> Iterator[None]:
    token = CURRENT_DRIVER.set(TraceGuard(call.name))
    try:
        yield
    finally:
        CURRENT_DRIVER.reset(token)


RUN_TRACE: Mapping[TraceForm, Callable[[Action, Call, Mapping[str, object]], Any]] = {
    "function": run_trace_blocking,
    "coroutine": run_trace,
    "generator": trace_items_blocking,
    "async generator": trace_items,
}
"""What a call of each form of function gives."""
