"""A call of a task or a trace: its arguments as operands, then its node.

Taking the two apart lets a gather evaluate every member's arguments before it starts the first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import libcst as cst

from flyte_compiler.callgraph.model import CallSite, Kind
from flyte_compiler.ir.model import NodeId, Operand, Output, TaskNode, TraceNode
from flyte_compiler.lower import reasons
from flyte_compiler.lower.binding import bind
from flyte_compiler.lower.callees import callee_of
from flyte_compiler.lower.driver import Driver
from flyte_compiler.source.span import Span

Evaluate = Callable[[cst.BaseExpression], Operand]
"""Emit what an expression needs, and say where its value comes from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedCall:
    """A call whose arguments have been evaluated."""

    site: CallSite
    inputs: tuple[tuple[str, Operand], ...]
    input_types: tuple[str | None, ...]
    overrides: tuple[tuple[str, Operand], ...]
    span: Span


def prepare_call(driver: Driver, site: CallSite, evaluate: Evaluate) -> PreparedCall:
    """Evaluate a call's overrides and arguments.

    Raises:
        NotLowered: it isn't an ordinary call, has starred arguments, or doesn't fit.
    """
    if refusal := reasons.unusual_call(site):
        raise refusal
    options = _overrides(site)
    if any(argument.star for argument in (*options, *site.tree.args)):
        raise reasons.starred(site)
    parameters = bind(site.tree.args, site.callee.function.signature)
    if parameters is None or any(option.keyword is None for option in options):
        raise reasons.unbindable(site)
    overrides = {o.keyword.value: evaluate(o.value) for o in options if o.keyword is not None}
    values = [evaluate(argument.value) for argument in site.tree.args]
    return PreparedCall(
        site=site,
        inputs=tuple((p.name, value) for p, value in zip(parameters, values, strict=True)),
        input_types=tuple(parameter.annotation for parameter in parameters),
        overrides=tuple(overrides.items()),
        span=driver.span(site.tree),
    )


def issue(driver: Driver, call: PreparedCall) -> Output:
    """Emit the node of a prepared call."""
    return driver.emit(lambda node: _node(node, call))


def _node(node: NodeId, call: PreparedCall) -> TaskNode | TraceNode:
    callee, declared = callee_of(call.site.callee), call.site.callee.function.signature.result
    if call.site.callee.kind is Kind.TRACE:
        return TraceNode(
            id=node,
            callee=callee,
            inputs=call.inputs,
            input_types=call.input_types,
            type=declared,
            span=call.span,
        )
    return TaskNode(
        id=node,
        callee=callee,
        inputs=call.inputs,
        input_types=call.input_types,
        overrides=call.overrides,
        type=declared,
        span=call.span,
    )


def _overrides(site: CallSite) -> Sequence[cst.Arg]:
    """The arguments of each `.override(...)` between the callee and the call, in order."""
    found: list[Sequence[cst.Arg]] = []
    function: cst.BaseExpression = site.tree.func
    while isinstance(function, cst.Attribute | cst.Call):
        if isinstance(function, cst.Call):
            found.append(function.args)
            function = function.func
        else:
            function = function.value
    return [argument for arguments in reversed(found) for argument in arguments]
