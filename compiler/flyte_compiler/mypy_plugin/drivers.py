"""The function whose body is being checked, and whether it is a task's.

mypy 2 looks at a module's decorators before its functions' bodies, 1.x right after each: so it is
the decorators that are asked, and not the type that they made.
"""

from __future__ import annotations

from dataclasses import dataclass

from mypy.checker import TypeChecker
from mypy.nodes import CallExpr, Decorator, Expression, FuncDef, MemberExpr, SymbolTable
from mypy.plugin import CheckerPluginInterface
from mypy.types import Instance, get_proper_type

from flyte_compiler.mypy_plugin.fullnames import ENVIRONMENTS

_DECORATIONS = frozenset({"task", "compiled_task"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """A task whose body is being checked."""

    name: str
    is_on_loop: bool
    """Whether its body runs on an event loop; a compiled task's graph is run instead."""


def checked_function(api: CheckerPluginInterface) -> FuncDef | None:
    """The innermost function around; None at a module's top, and in a lambda."""
    if not isinstance(api, TypeChecker):
        return None
    function = api.scope.current_function()
    return function if isinstance(function, FuncDef) else None


def checked_driver(api: CheckerPluginInterface) -> Driver | None:
    """The task that `checked_function` is, of those that a name leads to."""
    function = checked_function(api)
    if function is None or not isinstance(api, TypeChecker):
        return None
    decorator = _named(function, function.info.names if function.info else api.tree.names)
    if decorator is None:
        return None
    for each in decorator.decorators:
        kind = decoration(each)
        if kind is not None and _is_environment(kind.expr, api):
            is_on_loop = function.is_coroutine and kind.name == "task"
            return Driver(name=function.name, is_on_loop=is_on_loop)
    return None


def decoration(expression: Expression) -> MemberExpr | None:
    """The `env.task` in `@env.task` or `@env.task(...)`, by its looks."""
    made = expression.callee if isinstance(expression, CallExpr) else expression
    return made if isinstance(made, MemberExpr) and made.name in _DECORATIONS else None


def _named(function: FuncDef, names: SymbolTable) -> Decorator | None:
    symbol = names.get(function.name)
    node = None if symbol is None else symbol.node
    return node if isinstance(node, Decorator) and node.func is function else None


def _is_environment(expression: Expression, api: TypeChecker) -> bool:
    with api.msg.filter_errors():
        found = get_proper_type(api.get_expression_type(expression))
    return isinstance(found, Instance) and any(
        base.fullname in ENVIRONMENTS for base in found.type.mro
    )
