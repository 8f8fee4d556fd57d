"""Calls whose value provably goes nowhere, by the look of a function's body alone.

What a call gives is for who asks to say: a coroutine is never awaited then, a map never runs. A
coroutine as a bare statement is mypy's own `unused-coroutine`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TypeAlias

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
    SetComprehension,
    SetExpr,
    TupleExpr,
)

from flyte_compiler.mypy_plugin.trees import children, own_nodes

_ADDING = frozenset({"append", "add"})
_Held: TypeAlias = dict[str, list[Expression]]


# Asked at each call in a body, one body after the other; a function is equal to itself alone.
@lru_cache(maxsize=4)
def statements(function: FuncDef) -> frozenset[CallExpr]:
    """Calls that are a statement by themselves."""
    found = (node.expr for node in own_nodes(function.body) if isinstance(node, ExpressionStmt))
    return frozenset(each for each in found if isinstance(each, CallExpr))


@lru_cache(maxsize=4)
def unread(function: FuncDef) -> frozenset[CallExpr]:
    """Calls in a display that is a statement, or held by a local name that nothing reads."""
    nodes = list(own_nodes(function.body))
    displays = [
        node.expr
        for node in nodes
        if isinstance(node, ExpressionStmt) and not isinstance(node.expr, CallExpr)
    ]
    values = [*displays, *(value for held in _never_read(function, nodes) for value in held)]
    return frozenset(call for value in values for call in _parts(value))


def _parts(value: Expression) -> Iterator[CallExpr]:
    """The calls that a display is made of."""
    match value:
        case CallExpr():
            yield value
        case ListExpr(items=items) | TupleExpr(items=items) | SetExpr(items=items):
            for item in items:
                yield from _parts(item)
        case ListComprehension(generator=made) | SetComprehension(generator=made):
            yield from _parts(made.left_expr)
        case _:
            return


def _never_read(function: FuncDef, nodes: Sequence[Node]) -> list[list[Expression]]:
    """What local names hold that nothing reads, nested functions included."""
    held: _Held = {}
    quiet = set[int]()
    outer = {
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
    read = {name.name for name in _names(function.body) if id(name) not in quiet} | outer
    return [values for name, values in held.items() if name not in read]


def _names(root: Node) -> Iterator[NameExpr]:
    for child in children(root):
        if isinstance(child, NameExpr):
            yield child
        yield from _names(child)
