"""Calls of async tasks whose coroutines provably never leave the function.

A bare statement is mypy's own `unused-coroutine`. Here: displays and comprehensions that are a
statement, and local names that hold such calls and are never read but to be added to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from mypy.checker import TypeChecker
from mypy.nodes import (
    AssignmentStmt,
    CallExpr,
    Expression,
    ExpressionStmt,
    FuncDef,
    GlobalDecl,
    ListComprehension,
    ListExpr,
    MemberExpr,
    NameExpr,
    Node,
    NonlocalDecl,
    SetExpr,
    TupleExpr,
)

from flyte_compiler.mypy_plugin.tasks import awaited, task_type
from flyte_compiler.mypy_plugin.trees import children

_ADDING = frozenset({"append", "add", "extend", "insert"})
_Names: TypeAlias = dict[str, list[Expression]]


def find_unawaited(
    function: FuncDef, nodes: Sequence[Node], checker: TypeChecker
) -> Iterator[CallExpr]:
    """The calls, in the order of the text of what holds them."""
    for node in nodes:
        if isinstance(node, ExpressionStmt) and not isinstance(node.expr, CallExpr):
            yield from _calls_in(node.expr, checker)
    for held in _never_read(function, nodes).values():
        for value in held:
            yield from _calls_in(value, checker)


def _calls_in(value: Expression, checker: TypeChecker) -> Iterator[CallExpr]:
    """The task calls that a display is made of."""
    match value:
        case CallExpr():
            if _is_pending(value, checker):
                yield value
        case ListExpr(items=parts) | TupleExpr(items=parts) | SetExpr(items=parts):
            for part in parts:
                yield from _calls_in(part, checker)
        case ListComprehension():
            yield from _calls_in(value.generator.left_expr, checker)
        case _:
            return


def _is_pending(call: CallExpr, checker: TypeChecker) -> bool:
    callee = call.callee
    if isinstance(callee, MemberExpr) and callee.name == "aio":
        callee = callee.expr
    called, given = checker.lookup_type_or_none(callee), checker.lookup_type_or_none(call)
    if called is None or given is None:
        return False
    return task_type(called) is not None and awaited(given) is not None


def _never_read(function: FuncDef, nodes: Sequence[Node]) -> _Names:
    """What each local name holds that nothing reads, nested functions included."""
    held: _Names = {}
    quiet = set[int]()
    elsewhere = {
        name for node in nodes if isinstance(node, GlobalDecl | NonlocalDecl) for name in node.names
    }
    for node in nodes:
        match node:
            case AssignmentStmt(lvalues=[NameExpr() as target], rvalue=value):
                held.setdefault(target.name, []).append(value)
                quiet.add(id(target))
            case ExpressionStmt(
                expr=CallExpr(callee=MemberExpr(name=method, expr=NameExpr() as receiver)) as call
            ) if method in _ADDING and receiver.name in held:
                held[receiver.name] += call.args
                quiet.add(id(receiver))
            case _:
                continue
    read = {name.name for name in _names(function.body) if id(name) not in quiet}
    return {name: values for name, values in held.items() if name not in read | elsewhere}


def _names(root: Node) -> Iterator[NameExpr]:
    for child in children(root):
        if isinstance(child, NameExpr):
            yield child
        yield from _names(child)
