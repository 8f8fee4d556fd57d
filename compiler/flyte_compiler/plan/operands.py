"""Operands, places and regions' ends as the plan's records.

A plan is read by a runtime that knows nothing of this package, so every value that JSON can't
hold is written as text beside its type.
"""

from __future__ import annotations

import math
from base64 import b64encode
from collections.abc import Iterable
from itertools import repeat
from typing import assert_never

from flyte_compiler.ir.model import Break, Continue, End, Return, Stop, Yield
from flyte_compiler.ir.values import (
    Constant,
    Input,
    Literal,
    Operand,
    Output,
    RegionInput,
    Shared,
    Unbound,
)
from flyte_compiler.source.span import Span
from flyte_plan import plan

_SMALLEST, _LARGEST = -(2**63), 2**63 - 1


def operand_of(operand: Operand) -> plan.Operand:
    """The record of an operand."""
    match operand:
        case Literal(value=value):
            return _literal(value)
        case Input(name=name):
            return plan.InputOperand(name=name)
        case RegionInput(owner=owner, name=name):
            return plan.RegionOperand(owner=owner, name=name)
        case Output(node=node, path=path):
            return plan.OutputOperand(node=node, path=path)
        case Shared(owner=owner, name=name):
            return plan.SharedOperand(owner=owner, name=name)
        case Unbound(name=name):
            return plan.UnboundOperand(name=name)
        case _:
            assert_never(operand)


def optional_operand(operand: Operand | None) -> plan.Operand | None:
    """The record of an operand that may be absent."""
    return None if operand is None else operand_of(operand)


def named_operands_of(
    pairs: Iterable[tuple[str, Operand]], types: Iterable[str | None] = repeat(None)
) -> tuple[plan.NamedOperand, ...]:
    """The records of named operands, each with its annotation where there is one."""
    return tuple(
        plan.NamedOperand(name=name, value=operand_of(operand), type=declared)
        for (name, operand), declared in zip(pairs, types, strict=False)
    )


def end_of(end: End) -> plan.End:
    """The record of a region's end."""
    match end:
        case Yield(variables=variables, value=value):
            given = optional_operand(value)
            return plan.YieldEnd(variables=named_operands_of(variables), value=given)
        case Continue(variables=variables):
            return plan.ContinueEnd(variables=named_operands_of(variables))
        case Break(variables=variables):
            return plan.BreakEnd(variables=named_operands_of(variables))
        case Return(value=value):
            return plan.ReturnEnd(value=operand_of(value))
        case Stop():
            return plan.StopEnd()
        case _:
            assert_never(end)


def place_of(span: Span) -> plan.Place:
    """The record of a place: the file is the module's, which the plan names once."""
    return plan.Place(
        line=span.start.line,
        column=span.start.column,
        end_line=span.end.line,
        end_column=span.end.column,
    )


def _literal(value: Constant) -> plan.LiteralOperand:
    match value:
        case None:
            return plan.LiteralOperand(value=None, type="None")
        case bool():
            return plan.LiteralOperand(value=value, type="bool")
        case int():
            written = value if _SMALLEST <= value <= _LARGEST else str(value)
            return plan.LiteralOperand(value=written, type="int")
        case float():
            return plan.LiteralOperand(value=_float(value), type="float")
        case str():
            return plan.LiteralOperand(value=value, type="str")
        case bytes():
            return plan.LiteralOperand(value=b64encode(value).decode(), type="bytes")
        case _:
            assert_never(value)


def _float(value: float) -> float | str:
    return value if math.isfinite(value) else repr(value)
