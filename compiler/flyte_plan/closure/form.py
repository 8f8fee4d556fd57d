"""The normal form of a syntax tree: equal for equal code, on every supported Python.

Left out: positions, comments, docstrings and other constants that stand alone, `pass`, type
comments, our own decorators, and the bodies of tasks that are defined inside. Fields that are
empty aren't written, so that fields which a later Python adds change nothing until they are used.
Written without recursion: a long chain of operators nests deeper than Python's stack.
"""

from __future__ import annotations

import ast
import struct
from collections.abc import Callable, Iterator

from flyte_plan.closure.own import Function, is_task

IsOwn = Callable[[ast.expr], bool]
"""Whether a decorator is ours, and therefore left out."""

_LEFT_OUT = frozenset({"ctx", "kind", "type_comment", "type_ignores"})
_BODIES = frozenset({"body", "orelse", "finalbody"})


def normal_form(node: ast.AST, is_own: IsOwn, *, root: ast.AST | None = None) -> bytes:
    """The bytes of `node`; tasks in it are their names alone, but for the one that is `root`."""
    written: list[bytes] = []
    pending: list[object] = [node]
    while pending:
        value = pending.pop()
        match value:
            case bytes():
                written.append(value)
            case ast.FunctionDef() | ast.AsyncFunctionDef() if _is_called_task(value, root):
                written += (b"(task", _text(value.name), b")")
            case ast.Constant():
                written += (b"(Constant", _constant(value.value), b")")
            case ast.MatchSingleton():
                written += (b"(MatchSingleton", _constant(value.value), b")")
            case ast.AST():
                pending.extend(reversed([*_node(value, is_own)]))
            case list():
                pending += (b"]", *reversed(value), b"[")
            case str():
                written.append(_text(value))
            case None:
                written.append(b"n")
            case _:
                written.append(_constant(value))
    return b"".join(written)


def _is_called_task(node: Function, root: ast.AST | None) -> bool:
    return node is not root and is_task(node)


def _node(node: ast.AST, is_own: IsOwn) -> Iterator[object]:
    """Opening, each field that isn't empty under its name, closing."""
    yield b"(" + type(node).__name__.encode()
    for name in node._fields:
        value = getattr(node, name, None)
        if name in _LEFT_OUT or value is None:
            continue
        if name in _BODIES and isinstance(value, list):
            value = _meaningful(value)
        elif name == "decorator_list":
            value = [decorator for decorator in value if not is_own(decorator)]
        elif name == "values" and isinstance(node, ast.JoinedStr):
            value = _joined(node)
        elif name == "format_spec" and not _joined(value):
            continue
        if value != []:
            yield b"." + name.encode() + b" "
            yield value
    yield b")"


def _meaningful(body: list[ast.stmt]) -> list[ast.stmt]:
    return [
        statement
        for statement in body
        if not isinstance(statement, ast.Pass)
        and not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))
    ]


def _joined(node: ast.JoinedStr) -> list[ast.expr]:
    """An f-string's parts with neighbouring text in one: Pythons cut it in different places."""
    parts: list[ast.expr] = []
    pending = list(reversed(node.values))
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


def _text(value: str) -> bytes:
    encoded = value.encode("utf-8", "surrogatepass")
    return b"s%d:%b" % (len(encoded), encoded)


def _constant(value: object) -> bytes:
    match value:
        case None | bool() | _ if value is None or value is ... or isinstance(value, bool):
            return b"c" + str(value).encode() + b";"
        case int():
            return b"i%x;" % value if value >= 0 else b"i-%x;" % -value
        case float():
            return b"f" + struct.pack(">d", value)
        case complex():
            return b"j" + struct.pack(">dd", value.real, value.imag)
        case str():
            return _text(value)
        case bytes():
            return b"b%d:%b" % (len(value), value)
        case _:
            raise TypeError(f"a syntax tree holds no `{type(value).__name__}`")
