"""A graph's nodes as the plan's records, one for one.

A plan is read by a runtime that knows nothing of this package, so every value that JSON can't
hold is written as text beside its type.
"""

from __future__ import annotations

import math
from base64 import b64encode
from collections.abc import Iterable
from itertools import repeat
from typing import assert_never

from flyte_compiler.ir.model import (
    Constant,
    DynamicNode,
    Input,
    Literal,
    Node,
    Operand,
    Output,
    PackNode,
    PythonNode,
    TaskNode,
    TraceNode,
)
from flyte_compiler.rules.reasons import CODES
from flyte_compiler.source.span import Span
from flyte_plan import plan
from flyte_plan.digest import digest, show_digest

_SMALLEST, _LARGEST = -(2**63), 2**63 - 1


def step_of(node: Node) -> plan.Step:
    """The record of a node."""
    match node:
        case TaskNode():
            return _task(node)
        case TraceNode():
            return _trace(node)
        case PythonNode():
            return _python(node)
        case PackNode():
            return _pack(node)
        case DynamicNode():
            return _dynamic(node)
        case _:
            assert_never(node)


def operand_of(operand: Operand) -> plan.Operand:
    """The record of an operand."""
    match operand:
        case Literal(value=value):
            return _literal(value)
        case Input(name=name):
            return plan.InputOperand(name=name)
        case Output(node=node, path=path):
            return plan.OutputOperand(node=node, path=path)
        case _:
            assert_never(operand)


def place_of(span: Span) -> plan.Place:
    """The record of a place: the file is the module's, which the plan names once."""
    return plan.Place(
        line=span.start.line,
        column=span.start.column,
        end_line=span.end.line,
        end_column=span.end.column,
    )


def fragment_digest(node: PythonNode) -> str:
    """The digest of a fragment: what it is and what it says, not where it stands."""
    fields = (node.form.value.encode(), node.indent.encode(), node.source.encode())
    return show_digest(digest("fragment", *fields, *(n.encode() for n in node.global_names)))


def _task(node: TaskNode) -> plan.TaskStep:
    return plan.TaskStep(
        id=node.id,
        task=node.callee.name,
        module=node.callee.module,
        function=node.callee.function,
        inputs=_named(node.inputs, node.input_types),
        overrides=_named(node.overrides, repeat(None)),
        type=node.type,
        place=place_of(node.span),
    )


def _trace(node: TraceNode) -> plan.TraceStep:
    return plan.TraceStep(
        id=node.id,
        trace=node.callee.name,
        module=node.callee.module,
        function=node.callee.function,
        inputs=_named(node.inputs, node.input_types),
        type=node.type,
        place=place_of(node.span),
    )


def _python(node: PythonNode) -> plan.PythonStep:
    return plan.PythonStep(
        id=node.id,
        form=node.form.value,
        source=node.source,
        digest=fragment_digest(node),
        inputs=_named(node.inputs, repeat(None)),
        outputs=node.outputs,
        indent=node.indent,
        global_names=node.global_names,
        is_async=node.is_async,
        type=node.type,
        place=place_of(node.span),
    )


def _pack(node: PackNode) -> plan.PackStep:
    return plan.PackStep(
        id=node.id,
        kind=node.kind.value,
        elements=tuple(operand_of(element) for element in node.elements),
        return_exceptions=node.return_exceptions,
        type=node.type,
        place=place_of(node.span),
    )


def _dynamic(node: DynamicNode) -> plan.DynamicStep:
    return plan.DynamicStep(
        id=node.id,
        code=CODES[node.reason],
        message=node.message,
        tasks=tuple(callee.name for callee in node.callees),
        place=place_of(node.span),
    )


def _named(
    pairs: Iterable[tuple[str, Operand]], types: Iterable[str | None]
) -> tuple[plan.NamedOperand, ...]:
    return tuple(
        plan.NamedOperand(name=name, value=operand_of(operand), type=declared)
        for (name, operand), declared in zip(pairs, types, strict=False)
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
