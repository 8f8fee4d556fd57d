"""Variables that may hold calls which were made and not awaited yet, alone or in a collection.

By name alone: a name too many costs nothing but an `AwaitNode` where Python could have awaited by
itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import libcst as cst

from flyte_compiler.syntax.scope import names_in
from flyte_compiler.syntax.tree import children

_FILLS = frozenset(
    {"add", "append", "appendleft", "extend", "insert", "put", "setdefault", "update"}
)


def pending_names(
    nodes: Iterable[cst.CSTNode], gives_pending: Callable[[cst.CSTNode], bool]
) -> frozenset[str]:
    """The names that may hold pending calls, among all the nodes of a function's body."""
    found: set[str] = set()
    statements = [node for node in nodes if type(node) in _BINDING]
    while True:
        before = len(found)
        for node in statements:
            for source, name in _bound_by(node):
                if name not in found and _holds_pending(source, gives_pending, found):
                    found.add(name)
        if len(found) == before:
            return frozenset(found)


_HOLDING = frozenset({cst.Await, cst.Call, cst.Name})
_BINDING = frozenset({cst.Assign, cst.AnnAssign, cst.NamedExpr, cst.For, cst.CompFor, cst.Call})


def _bound_by(node: cst.CSTNode) -> list[tuple[cst.CSTNode, str]]:
    """What flows into which name."""
    match node:
        case cst.Assign(value=value, targets=targets):
            return [(value, name) for target in targets for name in _names(target.target)]
        case cst.AnnAssign(value=cst.BaseExpression() as value, target=target):
            return [(value, name) for name in _names(target)]
        case cst.NamedExpr(value=value, target=cst.Name(value=name)):
            return [(value, name)]
        case cst.For(iter=value, target=target) | cst.CompFor(iter=value, target=target):
            return [(value, name) for name in _names(target)]
        case cst.Call(func=cst.Attribute(value=held, attr=cst.Name(value=verb)), args=args):
            if verb in _FILLS:
                return [(arg.value, name) for arg in args for name in _names(held)]
            return []
        case _:
            return []


def _names(target: cst.CSTNode) -> list[str]:
    match target:
        case cst.Name(value=name):
            return [name]
        case cst.Tuple(elements=elements) | cst.List(elements=elements):
            return [name for element in elements for name in _names(element.value)]
        case cst.Subscript(value=held):
            return _names(held)
        case _:
            return []


def _holds_pending(
    source: cst.CSTNode, gives_pending: Callable[[cst.CSTNode], bool], known: set[str]
) -> bool:
    """Whether an expression's value may hold a call that was made in it, or before, and that it
    doesn't await."""
    stack = [source]
    while stack:
        node = stack.pop()
        if type(node) not in _HOLDING:
            stack += children(node)
            continue
        match node:
            case cst.Await():
                continue
            case cst.Call() if gives_pending(node):
                return True
            case cst.Name(value=name) if name in known:
                return True
            case _:
                stack.extend(children(node))
    return False


def reads_any(node: cst.CSTNode, names: frozenset[str]) -> bool:
    """Whether an expression reads one of some names."""
    return bool(names) and not names.isdisjoint(names_in([node]).reads)
