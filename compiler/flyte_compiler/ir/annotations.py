"""Annotations as text: the parts of a tuple, the element of a list, the type of a pack.

They are what the source wrote, so nothing here resolves a name; where the text doesn't say it
by itself, the answer is None.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from functools import lru_cache
from typing import assert_never

from flyte_compiler.ir.leaves import PackKind

ERROR = "BaseException"
"""What a gather gives in place of a result, where it returns exceptions."""

_OF_ONE_KIND = frozenset(
    {
        *("list", "List", "set", "Set", "frozenset", "FrozenSet", "deque"),
        *("Sequence", "MutableSequence", "Collection", "Iterable", "Iterator"),
        *("AsyncIterable", "AsyncIterator"),
    }
)
"""Generic in one parameter, which is what iterating gives."""


def tuple_elements(annotation: str | None) -> tuple[str, ...] | None:
    """The element annotations of `tuple[A, B]`; None for all else, `tuple[A, ...]` too."""
    return None if annotation is None else _tuple_elements(annotation)


def element_type(annotation: str | None) -> str | None:
    """What iterating gives: `T` of `list[T]` and its like and of `tuple[T, ...]`; `int` of a
    `range`."""
    return None if annotation is None else _element_type(annotation)


def exception_or(declared: str | None) -> str | None:
    """What an element of a gather is that hands exceptions back as values."""
    return None if declared is None else f"{declared} | {ERROR}"


def pack_type(kind: PackKind, elements: Sequence[str | None]) -> str | None:
    """The type of a pack whose elements have these types; None where one is unknown."""
    known = tuple(element for element in elements if element is not None)
    if len(known) < len(elements) or not known:
        return None
    match kind:
        case PackKind.TUPLE:
            return f"tuple[{', '.join(known)}]"
        case PackKind.LIST | PackKind.GATHER:
            return f"list[{_union(known)}]"
        case PackKind.DICT:
            return f"dict[{_union(known[::2])}, {_union(known[1::2])}]"
        case _:
            assert_never(kind)


@lru_cache(maxsize=4096)  # A program repeats its annotations, and parsing is the whole cost.
def _tuple_elements(annotation: str) -> tuple[str, ...] | None:
    tree = _parsed(annotation)
    if not isinstance(tree, ast.Subscript) or _last_name(tree.value) not in ("tuple", "Tuple"):
        return None
    inner = tree.slice
    elements = inner.elts if isinstance(inner, ast.Tuple) else [inner]
    if any(isinstance(e, ast.Starred) or _is_ellipsis(e) for e in elements):
        return None
    return tuple(ast.unparse(element) for element in elements)


@lru_cache(maxsize=4096)
def _element_type(annotation: str) -> str | None:
    tree = _parsed(annotation)
    match tree:
        case ast.Name(id="range"):
            return "int"
        case ast.Subscript(value=generic, slice=ast.Tuple(elts=[element, rest])):
            is_uniform = _is_ellipsis(rest) and _last_name(generic) in ("tuple", "Tuple")
            return ast.unparse(element) if is_uniform else None
        case ast.Subscript(value=generic, slice=element) if _last_name(generic) in _OF_ONE_KIND:
            return ast.unparse(element)
        case _:
            return None


def _parsed(annotation: str) -> ast.expr | None:
    """The annotation's tree; of one that is written as a string, what the string says."""
    try:
        tree = ast.parse(annotation, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None  # Not an annotation that we could say anything about.
    if isinstance(tree, ast.Constant) and isinstance(tree.value, str):
        return _parsed(tree.value)
    return tree


def _last_name(tree: ast.expr) -> str:
    match tree:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def _is_ellipsis(tree: ast.expr) -> bool:
    return isinstance(tree, ast.Constant) and tree.value is ...


def _union(types: Sequence[str]) -> str:
    members = dict.fromkeys(member for each in types for member in _members(each))
    errors = [member for member in members if member == ERROR]
    return " | ".join([*(member for member in members if member != ERROR), *errors])


def _members(written: str) -> list[str]:
    """The members of a union as written, brackets left whole."""
    members, depth = [""], 0
    for part in written.split(" | "):
        members[-1] += part
        depth += part.count("[") - part.count("]")
        if depth == 0:
            members.append("")
        else:
            members[-1] += " | "
    return [member for member in members if member]
