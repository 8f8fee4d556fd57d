"""Calls of tasks: `t(...)`, `t.aio(...)` and deployed ones, in words of the task."""

from __future__ import annotations

from mypy.nodes import CallExpr, MemberExpr
from mypy.plugin import CheckerPluginInterface, MethodContext, MethodSigContext
from mypy.types import FunctionLike, Instance, Type, get_proper_type

from flyte_compiler.mypy_plugin.arguments import Given, check_arguments, without_reported
from flyte_compiler.mypy_plugin.codes import BLOCKING_TASK_CALL, UNAWAITED_TASK
from flyte_compiler.mypy_plugin.drivers import checked_driver, checked_function
from flyte_compiler.mypy_plugin.report import report
from flyte_compiler.mypy_plugin.tasks import called_name, carried_task, task_type
from flyte_compiler.mypy_plugin.unused import unused_calls


def check_call(context: MethodSigContext) -> FunctionLike:
    """Report wrong arguments and calls at a wrong place, and leave the rest to mypy."""
    signature, call = context.default_signature, context.context
    if not isinstance(call, CallExpr):
        return signature
    task = task_type(context.type)
    if task is None:
        return signature
    if task.is_async or is_aio(call):
        _check_awaited(call, context.api)
    else:
        _check_blocking(call, context.api)
    name = called_name(call.callee)
    wrong = check_arguments(name, task.parameters, Given.of(call), context.api)
    return without_reported(signature, wrong)


def is_aio(call: CallExpr) -> bool:
    """Whether it is a call of the twin for asynchronous code."""
    return isinstance(call.callee, MemberExpr) and call.callee.name == "aio"


def _check_awaited(call: CallExpr, api: CheckerPluginInterface) -> None:
    function = checked_function(api)
    if function is not None and call in unused_calls(function).unread:
        words = (
            f"nobody awaits this call of the task `{called_name(call.callee)}`, so it never runs"
        )
        report(api, UNAWAITED_TASK, words, call)


def _check_blocking(call: CallExpr, api: CheckerPluginInterface) -> None:
    driver = checked_driver(api)
    if driver is not None and driver.is_on_loop:
        name = called_name(call.callee)
        words = f"the sync task `{name}` is called in the async driver `{driver.name}`"
        report(api, BLOCKING_TASK_CALL, f"{words}; write `await {name}.aio(...)`", call)


def result_of_call(context: MethodContext) -> Type:
    """Of a deployed task of upstream's the result that its type has no place for."""
    instance, coroutine = (
        get_proper_type(context.type),
        get_proper_type(context.default_return_type),
    )
    carried = carried_task(instance) if isinstance(instance, Instance) else None
    if carried is None or not isinstance(coroutine, Instance) or len(coroutine.args) != 3:
        return coroutine
    return coroutine.copy_modified(args=[*coroutine.args[:2], carried.result])
