"""Annotations as forms: which values are builtins because their annotation says so.

Names are those of the module that wrote the annotation; one that it rebinds is no builtin.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from functools import lru_cache

from flyte_compiler.ir.rewrites.forms import (
    OPAQUE,
    SCALAR,
    Form,
    is_known,
    join_all,
    listing,
    mapping,
    row,
)
from flyte_compiler.ir.rewrites.names import ModuleNames

_SCALARS = frozenset(
    {
        *(f"builtins.{name}" for name in ("bool", "bytes", "complex", "float", "int", "str")),
        *("datetime.date", "datetime.datetime", "datetime.timedelta", "decimal.Decimal"),
    }
)
"""Immutable, and none of what their operators run is a user's."""
_LISTS = frozenset(
    {
        *("builtins.list", "builtins.set", "builtins.frozenset"),
        *("typing.List", "typing.Set", "typing.FrozenSet"),
    }
)
_DICTS = frozenset({"builtins.dict", "typing.Dict"})
_TUPLES = frozenset({"builtins.tuple", "typing.Tuple"})


@lru_cache(maxsize=4096)  # A program repeats its annotations, and parsing is the whole cost.
def annotated_form(annotation: str | None, names: ModuleNames) -> Form:
    """What a value with that annotation is; anything, where it says no builtin."""
    if annotation is None:
        return OPAQUE
    try:
        tree = ast.parse(annotation, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return OPAQUE
    return _form(tree, names)


def _form(tree: ast.expr, names: ModuleNames) -> Form:
    match tree:
        case ast.Constant(value=None):
            return SCALAR
        case ast.Constant(value=str(text)):
            return annotated_form(text, names)
        case ast.Name() | ast.Attribute():
            return SCALAR if _origin(tree, names) in _SCALARS else OPAQUE
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return join_all((_form(left, names), _form(right, names)))
        case ast.Subscript(value=generic, slice=inner):
            parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
            return _generic(_origin(generic, names), parts, names)
        case _:
            return OPAQUE


def _generic(origin: str, parts: Sequence[ast.expr], names: ModuleNames) -> Form:
    if origin == "typing.Literal":
        return SCALAR
    if origin == "typing.Annotated":
        return _form(parts[0], names)
    if origin in _TUPLES and len(parts) == 2 and _is_ellipsis(parts[1]):
        return listing(_form(parts[0], names))
    forms = [_form(part, names) for part in parts]
    match origin:
        case "typing.Optional" | "typing.Union":
            return join_all((SCALAR, *forms) if origin.endswith("Optional") else forms)
        case _ if origin in _LISTS and len(forms) == 1:
            return listing(forms[0])
        case _ if origin in _DICTS and len(forms) == 2 and is_known(forms[0]):
            return mapping(forms[0], forms[1])
        case _ if origin in _TUPLES:
            return row(forms)
        case _:
            return OPAQUE


def _origin(tree: ast.expr, names: ModuleNames) -> str:
    match tree:
        case ast.Name(id=name):
            return names.origin(name)
        case ast.Attribute(value=of, attr=name):
            return f"{_origin(of, names)}.{name}"
        case _:
            return ""


def _is_ellipsis(tree: ast.expr) -> bool:
    return isinstance(tree, ast.Constant) and tree.value is ...
