"""Builtins that use up a generator, and call a function, before they return."""

from __future__ import annotations

from collections.abc import Callable, Container

import libcst as cst

_FUNCTIONS = frozenset(
    {"all", "any", "dict", "frozenset", "list", "max", "min", "set", "sorted", "sum", "tuple"}
)
_TEXTS = cst.SimpleString | cst.ConcatenatedString | cst.FormattedString

IsBuiltin = Callable[[str], bool]
"""Whether a name means a builtin where a call stands: users have an `all` of their own."""


def eager_name(call: cst.Call, is_builtin: IsBuiltin, lists: Container[str]) -> str | None:
    """The builtin that a call calls: `sum`, `"".join`, or `sort` of a variable that is a list."""
    match call.func:
        case cst.Name(value=name) if name in _FUNCTIONS and is_builtin(name):
            return name
        case cst.Attribute(value=text, attr=cst.Name(value="join")) if isinstance(text, _TEXTS):
            return "join"
        case cst.Attribute(value=cst.Name(value=held), attr=cst.Name(value="sort")):
            return "sort" if held in lists else None
        case _:
            return None
