"""mypy's trees, walked from outside: its own visitors can't be subclassed where it is compiled."""

from __future__ import annotations

from collections.abc import Iterator

from mypy.nodes import (
    ClassDef,
    Decorator,
    FuncDef,
    LambdaExpr,
    Node,
    OverloadedFuncDef,
    TypeInfo,
    Var,
)

_ELSEWHERE = (Var, TypeInfo)
"""What a tree refers to and doesn't hold."""
_OTHER_SCOPES = (FuncDef, LambdaExpr, ClassDef, Decorator, OverloadedFuncDef)
_LINKS = frozenset(
    {"node", "info", "type", "unanalyzed_type", "analyzed", "names", "mro", "def_body"}
    | {"original_def", "original_type", "inferred_type", "line", "column"}
)


def own_nodes(root: Node) -> Iterator[Node]:
    """The nodes under one, in the order of the text, without functions, lambdas and classes."""
    for child in children(root):
        if not isinstance(child, _OTHER_SCOPES):
            yield child
            yield from own_nodes(child)


def children(node: Node) -> Iterator[Node]:
    """The nodes right under one."""
    for name in _attributes(type(node)):
        yield from _nodes_in(getattr(node, name, None))


def _nodes_in(value: object) -> Iterator[Node]:
    if isinstance(value, Node):
        if not isinstance(value, _ELSEWHERE):
            yield value
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _nodes_in(each)


_ATTRIBUTES: dict[type[Node], tuple[str, ...]] = {}
"""By kind of node, as they are met."""


def _attributes(kind: type[Node]) -> tuple[str, ...]:
    found = _ATTRIBUTES.get(kind)
    if found is None:
        names: dict[str, None] = {}
        for base in kind.__mro__:
            held = getattr(base, "__mypyc_attrs__", None) or base.__dict__.get("__slots__", ())
            names.update(dict.fromkeys(held))
        found = _ATTRIBUTES[kind] = tuple(name for name in names if name not in _LINKS)
    return found
