"""libcst trees without visitors: the children that mean something, and names with dots.

libcst's visitors copy and dispatch by reflection; a table of fields for each kind of node and a
stack of our own cost a tenth of that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields
from operator import attrgetter
from typing import Any, TypeAlias, TypeVar

import libcst as cst


def _kinds_below(base: type[Any]) -> Iterator[type[cst.CSTNode]]:
    """A class of libcst's and all below it."""
    yield base
    for below in base.__subclasses__():
        yield from _kinds_below(below)


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

EXPRESSIONS = frozenset(_kinds_below(cst.BaseExpression))
"""Every kind of expression: asking `type(node) in` this costs a tenth of `isinstance`."""

_Fields: TypeAlias = Callable[[cst.CSTNode], tuple[Any, ...]]
_FIELDS: dict[type[cst.CSTNode], _Fields] = {}
"""What reads the fields that mean something, for each kind of node: known once one was seen."""

Node = TypeVar("Node", bound=cst.CSTNode)


def children(node: cst.CSTNode) -> list[cst.CSTNode]:
    """The nodes right under a node that aren't layout, in the order of its fields."""
    fields_of = _FIELDS.get(type(node)) or _fields_of(type(node))
    found: list[cst.CSTNode] = []
    for value in fields_of(node):
        kind = type(value)
        if kind in _SEQUENCES:
            found += value
        elif kind not in _PLAIN:
            found.append(value)
    return found


def walk(*roots: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """Some nodes and everything under them, parents first."""
    stack = list(reversed(roots))
    while stack:
        node = stack.pop()
        yield node
        if below := children(node):
            below.reverse()
            stack += below


def nodes_of(kind: type[Node], *roots: cst.CSTNode) -> list[Node]:
    """Every node of exactly one kind among some nodes and everything under them.

    libcst's classes are abstract ones, and `isinstance` costs twice what the walk does.
    """
    found: list[Any] = [node for node in walk(*roots) if type(node) is kind]
    return found


def dotted(node: cst.CSTNode) -> str | None:
    """`a.b.c` for a name with dots; None for anything else."""
    parts: list[str] = []
    while type(node) is cst.Attribute:
        parts.append(node.attr.value)
        node = node.value
    if type(node) is not cst.Name:
        return None
    parts.append(node.value)
    return ".".join(reversed(parts))


def head(node: cst.CSTNode) -> cst.Name | None:
    """The `a` of `a.b.c`; None where it doesn't start with a name."""
    while isinstance(node, cst.Attribute):
        node = node.value
    return node if isinstance(node, cst.Name) else None


def _fields_of(kind: type[cst.CSTNode]) -> _Fields:
    names = [
        field.name
        for field in fields(kind)
        if field.name not in _LAYOUT and "whitespace" not in field.name
    ]
    # A name or a number has a text, no children; so has a layout node, and never a field.
    if issubclass(kind, cst.Name | cst.BaseNumber | cst.SimpleString) or not names:
        _FIELDS[kind] = lambda _: ()
    elif len(names) == 1:
        only = attrgetter(names[0])
        _FIELDS[kind] = lambda node: (only(node),)
    else:
        _FIELDS[kind] = attrgetter(*names)
    return _FIELDS[kind]
