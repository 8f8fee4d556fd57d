"""The text of a normal form: constants and the fields of nodes, equal on every supported Python.

Texts carry their length, so that no two trees give one text. Fields that are empty aren't written,
so that fields which a later Python adds change nothing until they are used.
"""

from __future__ import annotations

import ast
import struct

Fields = tuple[tuple[str, str, bool], ...]

_LEFT_OUT = frozenset({"ctx", "kind", "type_comment", "type_ignores"})
_BODIES = frozenset({"body", "orelse", "finalbody"})


_fields: dict[type[ast.AST], Fields] = {}


def fields(kind: type[ast.AST]) -> Fields:
    """The fields of a node, last first: name, label, and whether it may be a block."""
    known = _fields.get(kind)
    if known is None:
        known = _fields[kind] = _fields_of(kind)
    return known


def _fields_of(kind: type[ast.AST]) -> Fields:
    return tuple(
        (name, f".{name} ", name in _BODIES)
        for name in reversed(kind._fields)
        if name not in _LEFT_OUT
    )


def meaningful(body: list[ast.stmt]) -> list[ast.stmt]:
    """A block without `pass`, docstrings and other constants that stand alone."""
    return [
        statement
        for statement in body
        if not isinstance(statement, ast.Pass)
        and not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))
    ]


def joined(values: list[ast.expr]) -> list[ast.expr]:
    """An f-string's parts with neighbouring text in one: Pythons cut it in different places."""
    parts: list[ast.expr] = []
    pending = values[::-1]
    while pending:
        part = pending.pop()
        if isinstance(part, ast.JoinedStr):
            pending.extend(reversed(part.values))
        elif not isinstance(part, ast.Constant) or not isinstance(part.value, str):
            parts.append(part)
        elif parts and isinstance(parts[-1], ast.Constant):
            parts[-1] = ast.Constant(f"{parts[-1].value!s}{part.value}")
        elif part.value:
            parts.append(part)
    return parts


def scalar(value: object) -> str:
    """The text of a constant, or of a field that is no node."""
    match value:
        case None | bool() | _ if value is None or value is ... or isinstance(value, bool):
            return f"c{value};"
        case int():
            return f"i{value:x};"
        case float():
            return f"f{struct.pack('>d', value).hex()}"
        case complex():
            return f"j{struct.pack('>dd', value.real, value.imag).hex()}"
        case str():
            return f"s{len(value)}:{value}"
        case bytes():
            return f"b{value.hex()};"
        case _:
            raise TypeError(f"a syntax tree holds no `{type(value).__name__}`")
