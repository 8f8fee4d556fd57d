"""The value that an argument's text writes out."""

from __future__ import annotations

import ast
import warnings
from datetime import timedelta
from typing import Final

UNKNOWN: Final = object()
"""The value isn't written out: it is whatever the program makes of it."""

_TIMES = frozenset({"timedelta", "datetime.timedelta", "dt.timedelta"})


def written_value(text: str) -> object:
    """A literal, or a `timedelta` of literals; `UNKNOWN` for anything else."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an invalid escape is no fault of an option
            node = ast.parse(f"(\n{text}\n)", mode="eval").body
            if isinstance(node, ast.Call):
                return _time(node)
            return ast.literal_eval(node)
    except (SyntaxError, ValueError, TypeError, OverflowError, MemoryError, RecursionError):
        return UNKNOWN


def _time(node: ast.Call) -> object:
    if ast.unparse(node.func) not in _TIMES or any(each.arg is None for each in node.keywords):
        return UNKNOWN
    positional = [ast.literal_eval(each) for each in node.args]
    named = {each.arg: ast.literal_eval(each.value) for each in node.keywords if each.arg}
    return timedelta(*positional, **named)
