"""`@env.task`: whether what a task takes and gives can cross from task to task."""

from __future__ import annotations

from mypy.nodes import Context, Decorator, FuncDef
from mypy.plugin import CheckerPluginInterface, MethodContext
from mypy.types import CallableType, Type, get_proper_type

from flyte_compiler.mypy_plugin.codes import UNSUPPORTED_BOUNDARY_TYPE
from flyte_compiler.mypy_plugin.configuration import Configuration
from flyte_compiler.mypy_plugin.crossing import find_obstacle
from flyte_compiler.mypy_plugin.report import report
from flyte_compiler.mypy_plugin.tasks import awaited
from flyte_compiler.mypy_plugin.untyped import type_body
from flyte_compiler.mypy_plugin.words import shown


def check_task(context: MethodContext, *, configuration: Configuration) -> Type:
    """Report what is wrong with a task's declaration; the type stays."""
    decorated = context.context
    if isinstance(decorated, Decorator):
        if configuration.untyped_bodies:
            type_body(decorated.func, context.api)
        _check_declaration(decorated.func, context.api, configuration.crossing)
    return context.default_return_type


def _check_declaration(
    function: FuncDef, api: CheckerPluginInterface, crossing: frozenset[str]
) -> None:
    declared = get_proper_type(function.type)
    if not isinstance(declared, CallableType):
        return
    for name, given, argument in zip(
        declared.arg_names, declared.arg_types, function.arguments, strict=False
    ):
        _check_crossing(f"`{name}` of `{function.name}`", given, argument, api, crossing)
    result = declared.ret_type
    if function.is_coroutine:
        result = awaited(result) or result
    _check_crossing(f"the result of `{function.name}`", result, function, api, crossing)


def _check_crossing(
    what: str, given: Type, place: Context, api: CheckerPluginInterface, crossing: frozenset[str]
) -> None:
    found = find_obstacle(given, crossing)
    if found is None:
        return
    where = f" in `{'.'.join(found.path)}`" if found.path else ""
    words = (
        f"{what} has a {shown(found.part, api.options)}{where}, which can't cross from task to task"
    )
    report(api, UNSUPPORTED_BOUNDARY_TYPE, words, place)
