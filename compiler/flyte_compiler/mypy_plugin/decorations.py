"""`@env.task`: whether what a task takes and gives can cross from task to task."""

from __future__ import annotations

from functools import lru_cache

from mypy.checker import TypeChecker
from mypy.nodes import CallExpr, Context, Decorator, Expression, FuncDef, MypyFile
from mypy.plugin import CheckerPluginInterface, MethodContext
from mypy.types import CallableType, Instance, Type, get_proper_type

from flyte_compiler.mypy_plugin.codes import UNSUPPORTED_BOUNDARY_TYPE
from flyte_compiler.mypy_plugin.configuration import Configuration
from flyte_compiler.mypy_plugin.crossing import find_obstacle
from flyte_compiler.mypy_plugin.fullnames import UPSTREAM_ENVIRONMENT
from flyte_compiler.mypy_plugin.report import report
from flyte_compiler.mypy_plugin.tasks import awaited
from flyte_compiler.mypy_plugin.untyped import type_body
from flyte_compiler.mypy_plugin.words import shown


def check_task(context: MethodContext, *, configuration: Configuration) -> Type:
    """Report what is wrong with a task's declaration; the type stays."""
    decorated = _decorated(context)
    if decorated is not None:
        if configuration.untyped_bodies:
            type_body(decorated.func, context.api)
        _check_declaration(decorated.func, context.api, configuration.crossing)
    return context.default_return_type


def _decorated(context: MethodContext) -> Decorator | None:
    """Of upstream's `@env.task(...)` the call is all that is asked for: what it makes is a plain
    function's type."""
    match context.context:
        case Decorator() as decorated:
            return decorated
        case CallExpr() as made if isinstance(context.api, TypeChecker):
            return _by_decorator(context.api.tree).get(made) if _is_upstream(context) else None
        case _:
            return None


def _is_upstream(context: MethodContext) -> bool:
    owner = get_proper_type(context.type)
    return isinstance(owner, Instance) and owner.type.fullname == UPSTREAM_ENVIRONMENT


@lru_cache(maxsize=2)
def _by_decorator(module: MypyFile) -> dict[Expression, Decorator]:
    return {
        made: each
        for each in module.defs
        if isinstance(each, Decorator)
        for made in each.decorators
    }


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
