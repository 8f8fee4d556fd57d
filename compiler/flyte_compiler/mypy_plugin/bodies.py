"""What a driver's body forgets, and no signature says: an `await`, a result, an `.aio`.

Read when the decorator is checked, with the types that checking the body left behind.
"""

from __future__ import annotations

from mypy.checker import TypeChecker
from mypy.nodes import CallExpr, Decorator, Expression, ExpressionStmt, MemberExpr, RefExpr

from flyte_compiler.mypy_plugin.codes import (
    BLOCKING_MAP,
    BLOCKING_TASK_CALL,
    UNAWAITED_TASK,
    UNCONSUMED_MAP,
)
from flyte_compiler.mypy_plugin.fullnames import MAP_FUNCTION
from flyte_compiler.mypy_plugin.report import report
from flyte_compiler.mypy_plugin.tasks import called_name, task_type
from flyte_compiler.mypy_plugin.trees import own_nodes
from flyte_compiler.mypy_plugin.unawaited import find_unawaited


def check_body(driver: Decorator, checker: TypeChecker) -> None:
    """Report them, one a place."""
    function = driver.func
    nodes = list(own_nodes(function.body))
    on_loop = function.is_coroutine and not _is_compiled(driver)
    for node in nodes:
        if isinstance(node, ExpressionStmt) and is_map(node.expr):
            words = "nobody asks for the results of this `flyte.map`, so nothing runs"
            report(checker, UNCONSUMED_MAP, f"{words}; write `list(...)` around it", node.expr)
        elif isinstance(node, CallExpr) and on_loop:
            _check_blocking(node, function.name, checker)
    for call in find_unawaited(function, nodes, checker):
        name = called_name(call.callee)
        words = f"nobody awaits this call of the task `{name}`, so nothing runs"
        report(checker, UNAWAITED_TASK, f"{words}; write `await asyncio.gather(...)`", call)


def _check_blocking(call: CallExpr, driver: str, checker: TypeChecker) -> None:
    called = checker.lookup_type_or_none(call.callee)
    task = None if called is None else task_type(called)
    if task is not None and not task.is_async:
        name = called_name(call.callee)
        words = f"the sync task `{name}` is called in the async driver `{driver}`"
        report(checker, BLOCKING_TASK_CALL, f"{words}; write `await {name}.aio(...)`", call)
    elif is_map(call) and not _is_aio(call.callee):
        words = f"`flyte.map` stops the event loop of the async driver `{driver}`"
        report(checker, BLOCKING_MAP, f"{words}; write `flyte.map.aio(...)`", call)


def is_map(expression: Expression) -> bool:
    """Whether it is a call of `flyte.map`, or of its `aio`."""
    match expression:
        case CallExpr(callee=MemberExpr(name="aio", expr=RefExpr() as mapped)):
            return mapped.fullname == MAP_FUNCTION
        case CallExpr(callee=RefExpr() as mapped):
            return mapped.fullname == MAP_FUNCTION
        case _:
            return False


def _is_aio(callee: Expression) -> bool:
    return isinstance(callee, MemberExpr) and callee.name == "aio"


def _is_compiled(driver: Decorator) -> bool:
    """A compiled task's graph is run, not its body."""
    made = (each.callee if isinstance(each, CallExpr) else each for each in driver.decorators)
    return any(isinstance(each, MemberExpr) and each.name == "compiled_task" for each in made)
