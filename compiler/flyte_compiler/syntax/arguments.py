"""Arguments and values as written: their text, and their value where it is a literal."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Sequence

import libcst as cst

from flyte_compiler.source.text import is_text
from flyte_compiler.syntax.model import Argument
from flyte_compiler.syntax.positions import Positions

Literal = str | int | float | bool | None

_WORDS = {"True": True, "False": False}


def arguments_of(call: cst.Call, positions: Positions) -> tuple[Argument, ...]:
    """The arguments of a call, starred ones with their stars in the text."""
    return tuple(_argument(argument, positions) for argument in call.args)


def argument_named(
    arguments: Sequence[Argument], keyword: str, *, position: int | None = None
) -> Argument | None:
    """An argument by keyword, else by position where that is known."""
    for argument in arguments:
        if argument.keyword == keyword:
            return argument
    if position is None or position >= len(arguments):
        return None
    before = arguments[: position + 1]
    if any(argument.keyword is not None or argument.text.startswith("*") for argument in before):
        return None
    return before[position]


def literal_value(node: cst.BaseExpression) -> Literal:
    """The string, number or bool that an expression is, else None."""
    match node:
        case cst.Name():
            return _WORDS.get(node.value)
        case cst.UnaryOperation(operator=cst.Minus(), expression=cst.BaseNumber() as number):
            value = literal_value(number)
            return -value if isinstance(value, int | float) else None
        case cst.Integer() | cst.Float() | cst.SimpleString():
            return _evaluated(node.value)
        case cst.ConcatenatedString():
            left, right = literal_value(node.left), literal_value(node.right)
            return left + right if isinstance(left, str) and isinstance(right, str) else None
        case _:
            return None


def folded(text: str) -> str:
    """An expression's text on one line."""
    if "\n" not in text and "\r" not in text:
        return text
    try:
        return ast.unparse(ast.parse(f"(\n{text}\n)", mode="eval"))
    except SyntaxError:
        return " ".join(text.split())


def _argument(argument: cst.Arg, positions: Positions) -> Argument:
    text = argument.star + positions.text(argument.value)
    return Argument(
        keyword=None if argument.keyword is None else argument.keyword.value,
        text=text,
        literal=None if argument.star else literal_value(argument.value),
        span=positions.span(argument),
    )


def _evaluated(text: str) -> Literal:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an invalid escape is no fault of an argument
            value = ast.literal_eval(text)
    except (SyntaxError, ValueError):
        return None
    if isinstance(value, str) and not is_text(value):
        return None
    return value if isinstance(value, str | int | float) else None
