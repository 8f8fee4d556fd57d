"""Expressions whose value is written in them."""

from __future__ import annotations

import libcst as cst

from flyte_compiler.ir.values import Literal
from flyte_compiler.source.text import is_text

_NAMED = {"None": None, "True": True, "False": False}

_WRITTEN = frozenset(
    {cst.Name, cst.Integer, cst.Float, cst.UnaryOperation}
    | {cst.SimpleString, cst.ConcatenatedString}
)
"""What `constant` looks into."""


def constant(expression: cst.BaseExpression) -> Literal | None:
    """The literal that an expression is; None for anything that must be evaluated."""
    if type(expression) not in _WRITTEN:
        return None
    match expression:
        case cst.Name(value=name) if name in _NAMED:
            return Literal(_NAMED[name])
        case cst.Integer() | cst.Float():
            return Literal(expression.evaluated_value)
        case cst.UnaryOperation(operator=cst.Minus(), expression=inner):
            return _negated(inner)
        case cst.SimpleString() | cst.ConcatenatedString():
            return _string(expression)
        case _:
            return None


def _negated(expression: cst.BaseExpression) -> Literal | None:
    match expression:
        case cst.Integer() | cst.Float():
            return Literal(-expression.evaluated_value)
        case _:
            return None


def _string(expression: cst.SimpleString | cst.ConcatenatedString) -> Literal | None:
    value = expression.evaluated_value
    is_lone = isinstance(value, str) and not is_text(value)
    return None if value is None or is_lone else Literal(value)
