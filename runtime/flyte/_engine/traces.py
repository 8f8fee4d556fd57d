"""Traced helpers: checkpoints inside an action, run by the action's own body.

A trace is admitted (its record, or leave to run), runs where it was called, and tells its
outcome, which is durable and in its turn before the body goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from flyte._engine.calls import Call
from flyte._engine.failure import encode_error
from flyte._engine.outcomes import open_outcome
from flyte._engine.trace_bodies import function_of, guarded
from flyte._engine.trace_items import trace_items, trace_items_blocking
from flyte._engine.values import encode_value
from flyte._journal.records import Outcome

if TYPE_CHECKING:
    from flyte._engine.action import Action
    from flyte._trace import TraceForm


async def run_trace(action: Action, call: Call, arguments: Mapping[str, object]) -> Any:
    """A traced function's value, recorded or run now; for both kinds of function."""
    outcome = await action.admit(call)
    if outcome is None:
        with guarded(call):
            outcome = await _outcome_async(function_of(call.target, arguments))
        await action.tell(call, outcome)
    return open_outcome(outcome)


def run_trace_blocking(action: Action, call: Call, arguments: Mapping[str, object]) -> object:
    """As `run_trace`, for a synchronous function called from any body."""
    outcome = action.admit_blocking(call)
    if outcome is None:
        with guarded(call):
            outcome = _outcome(function_of(call.target, arguments))
        action.tell_blocking(call, outcome)
    return open_outcome(outcome)


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


RUN_TRACE: Mapping[TraceForm, Callable[[Action, Call, Mapping[str, object]], Any]] = {
    "function": run_trace_blocking,
    "coroutine": run_trace,
    "generator": trace_items_blocking,
    "async generator": trace_items,
}
"""What a call of each form of function gives."""
