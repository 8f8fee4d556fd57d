"""Calls of tasks: `t(...)`, `t.aio(...)` and deployed ones, checked in words of the task."""

from __future__ import annotations

from mypy.nodes import CallExpr
from mypy.plugin import MethodContext, MethodSigContext
from mypy.types import CallableType, FunctionLike, Instance, Type, get_proper_type

from flyte_compiler.mypy_plugin.arguments import Given, check_arguments, without_reported
from flyte_compiler.mypy_plugin.tasks import called_name, carried_task, task_type


def check_call(context: MethodSigContext) -> FunctionLike:
    """Report wrong arguments, and leave the rest to mypy."""
    signature, call = context.default_signature, context.context
    if not isinstance(signature, CallableType) or not isinstance(call, CallExpr):
        return signature
    task = task_type(context.type)
    if task is None:
        return signature
    name = called_name(call.callee)
    wrong = check_arguments(name, task.parameters, Given.of(call), context.api)
    return without_reported(signature, wrong)


def result_of_call(context: MethodContext) -> Type:
    """Of a deployed task of upstream's the result that its type has no place for."""
    instance, given = get_proper_type(context.type), context.default_return_type
    carried = carried_task(instance) if isinstance(instance, Instance) else None
    if carried is None:
        return given
    return context.api.named_generic_type(
        "typing.Coroutine", [*coroutine_ends(given), carried.result]
    )


def coroutine_ends(given: Type) -> list[Type]:
    """What a coroutine yields and is sent."""
    coroutine = get_proper_type(given)
    assert isinstance(coroutine, Instance), given  # an `async def` gives one
    return list(coroutine.args[:2])
