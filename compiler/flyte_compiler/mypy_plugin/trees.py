"""mypy's trees, walked from outside: its own visitors can't be subclassed where it is compiled."""

from __future__ import annotations

from collections.abc import Iterable

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
    | {"original_def", "original_type", "inferred_type", "line", "column", "end_line"}
    | {"end_column", "name", "fullname", "_fullname", "kind", "op", "arg_kinds", "arg_names"}
    | {"literal", "literal_hash", "def_or_infer_vars", "type_guard", "type_is", "method_type"}
)


def survey(root: Node) -> tuple[tuple[Node, ...], tuple[Node, ...]]:
    """The nodes under one in the order of the text: its own, and those of functions, lambdas and
    classes inside it."""
    own: list[Node] = []
    nested: list[Node] = []
    left = [(child, own) for child in reversed(children(root))]
    while left:
        node, into = left.pop()
        inside = nested if isinstance(node, _OTHER_SCOPES) else into
        inside.append(node)
        left += [(child, inside) for child in reversed(children(node))]
    return tuple(own), tuple(nested)


def children(node: Node) -> list[Node]:
    """The nodes right under one."""
    found: list[Node] = []
    for name in _attributes(type(node)):
        value = getattr(node, name, None)
        if isinstance(value, Node):
            if not isinstance(value, _ELSEWHERE):
                found.append(value)
        elif isinstance(value, list | tuple) and value:
            _add_nodes(value, found)
    return found


def _add_nodes(values: Iterable[object], found: list[Node]) -> None:
    for value in values:
        if isinstance(value, Node):
            if not isinstance(value, _ELSEWHERE):
                found.append(value)
        elif isinstance(value, list | tuple):
            _add_nodes(value, found)


_ATTRIBUTES: dict[type[Node], tuple[str, ...]] = {}
"""By kind of node, as they are met."""


def _attributes(kind: type[Node]) -> tuple[str, ...]:
    found = _ATTRIBUTES.get(kind)
    if found is None:
        names: dict[str, None] = {}
        for base in kind.__mro__:
            held = getattr(base, "__mypyc_attrs__", None) or base.__dict__.get("__slots__", ())
            names.update(dict.fromkeys(held))
        found = tuple(n for n in names if n not in _LINKS and not n.startswith("is_"))
        _ATTRIBUTES[kind] = found
    return found
