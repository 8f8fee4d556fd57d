"""libcst trees without visitors: the children that mean something, and names with dots.

libcst's visitors copy and dispatch by reflection; a table of fields for each kind of node and a
stack of our own cost a tenth of that.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

import libcst as cst

_LAYOUT = frozenset(
    {
        *("lpar", "rpar", "comma", "semicolon", "dot", "colon", "equal", "indent", "asynchronous"),
        *("header", "footer", "leading_lines", "lines_after_decorators", "trailing_comma"),
        *("lbracket", "rbracket", "lbrace", "rbrace", "operator", "posonly_ind", "separator"),
        *("first_colon", "second_colon", "relative", "star"),
    }
)
"""Fields that hold how a program looks, not what it says."""

_SEQUENCES = frozenset({tuple, list})
_PLAIN = frozenset({str, bool, type(None), cst.MaybeSentinel})
"""What a field may hold beside nodes. libcst's classes are abstract ones, and `isinstance` asks
those at length."""

_FIELDS: dict[type[cst.CSTNode], tuple[str, ...]] = {}


def children(node: cst.CSTNode) -> list[cst.CSTNode]:
    """The nodes right under a node that aren't layout, in the order of its fields."""
    names = _FIELDS.get(type(node))
    if names is None:
        names = _fields_of(type(node))
    found: list[cst.CSTNode] = []
    for name in names:
        value = getattr(node, name)
        kind = type(value)
        if kind in _SEQUENCES:
            found.extend(value)
        elif kind not in _PLAIN:
            found.append(value)
    return found


def walk(*roots: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """Some nodes and everything under them, parents first."""
    stack = list(reversed(roots))
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(children(node)))


def dotted(node: cst.CSTNode) -> str | None:
    """`a.b.c` for a name with dots; None for anything else."""
    parts: list[str] = []
    while isinstance(node, cst.Attribute):
        parts.append(node.attr.value)
        node = node.value
    if not isinstance(node, cst.Name):
        return None
    parts.append(node.value)
    return ".".join(reversed(parts))


def head(node: cst.CSTNode) -> cst.Name | None:
    """The `a` of `a.b.c`; None where it doesn't start with a name."""
    while isinstance(node, cst.Attribute):
        node = node.value
    return node if isinstance(node, cst.Name) else None


def _fields_of(kind: type[cst.CSTNode]) -> tuple[str, ...]:
    names = tuple(
        field.name
        for field in fields(kind)
        if field.name not in _LAYOUT and "whitespace" not in field.name
    )
    # A name or a number has a text, no children; so has a layout node, and never a field.
    leaf = issubclass(kind, cst.Name | cst.BaseNumber | cst.SimpleString)
    _FIELDS[kind] = () if leaf else names
    return _FIELDS[kind]
