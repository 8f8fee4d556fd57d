"""Calls whose value provably goes nowhere, by the look of a function's body alone.

What a call gives is for who asks to say: a coroutine is never awaited then, a map never runs. A
coroutine as a bare statement is mypy's own `unused-coroutine`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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

from flyte_compiler.mypy_plugin.trees import survey

_ADDING = frozenset({"append", "add"})
_Held: TypeAlias = dict[str, list[Expression]]


@dataclass(frozen=True, slots=True)
class Unused:
    """Calls of a function's body whose value goes nowhere."""

    statements: frozenset[CallExpr]
    """That are a statement by themselves."""
    unread: frozenset[CallExpr]
    """In a display that is a statement, or held by a local name that nothing reads."""


# Asked at each call in a body, one body after the other; a function is equal to itself alone.
@lru_cache(maxsize=4)
def unused_calls(function: FuncDef) -> Unused:
    """Those of one function."""
    own, nested = survey(function.body)
    alone = [node.expr for node in own if isinstance(node, ExpressionStmt)]
    displays = [each for each in alone if not isinstance(each, CallExpr)]
    values = [*displays, *(value for held in _never_read(own, nested) for value in held)]
    return Unused(
        statements=frozenset(each for each in alone if isinstance(each, CallExpr)),
        unread=frozenset(call for value in values for call in _parts(value)),
    )


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


def _never_read(own: Sequence[Node], nested: Sequence[Node]) -> list[list[Expression]]:
    """What local names hold that nothing reads, nested functions included."""
    held: _Held = {}
    quiet = set[int]()
    outer = {
        name for node in own if isinstance(node, GlobalDecl | NonlocalDecl) for name in node.names
    }
    for node in own:
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
    names = (node for nodes in (own, nested) for node in nodes if isinstance(node, NameExpr))
    read = {name.name for name in names if id(name) not in quiet} | outer
    return [values for name, values in held.items() if name not in read]
