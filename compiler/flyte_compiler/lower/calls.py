"""Calls of tasks, traces and helpers: their arguments as operands, then their nodes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import libcst as cst

from flyte_compiler.callgraph.model import CallSite, Form, Kind, ValueCall
from flyte_compiler.ir.leaves import HelperNode, Start, TaskNode, TraceNode
from flyte_compiler.ir.values import NodeId, Operand, Output, ValueCallee
from flyte_compiler.lower import reasons
from flyte_compiler.lower.binding import bind
from flyte_compiler.lower.body import Body
from flyte_compiler.lower.called import declare, declare_helper
from flyte_compiler.lower.callees import callee_of
from flyte_compiler.lower.evaluation import Part
from flyte_compiler.lower.fragments import evaluate_part
from flyte_compiler.syntax.model import ParameterKind, Signature

Evaluate = Callable[[Sequence[cst.BaseExpression]], list[Operand]]
"""Emit what expressions need, in order, and say where their values come from."""

Inputs = tuple[tuple[str, Operand], ...]

_VARIADIC = (ParameterKind.VAR_POSITIONAL, ParameterKind.VAR_KEYWORD)


@dataclass(frozen=True, slots=True)
class _Bound:
    """A call's arguments in the order of their evaluation, by the names that a node gives them."""

    names: tuple[str, ...]
    values: tuple[cst.BaseExpression, ...]
    types: tuple[str | None, ...]


def lower_call(body: Body, site: CallSite, start: Start, evaluate: Evaluate) -> Output:
    """Evaluate a call's overrides and arguments, and emit its node.

    Raises:
        NotLowered: it doesn't fit its callee, or the callee can't be lowered.
    """
    if site.callee.kind is Kind.HELPER or site.form is Form.FORWARD:
        return _lower_helper(body, site, start, evaluate)
    chain = override_calls(site.tree)
    options = [option for call in chain for option in call.args]
    if any(option.keyword is None and option.star != "**" for option in options):
        raise reasons.unbindable(site)
    if len(chain) > 1 and any(option.star for option in options):
        raise reasons.chained_overrides(site)
    bound = _bind(site, site.tree.args)
    values = evaluate([*(option.value for option in options), *bound.values])
    named = [o.keyword.value if o.keyword is not None else "**" for o in options]
    overrides = tuple(zip(named, values[: len(options)], strict=True))
    if len(chain) > 1:  # what a later one says of an option holds
        overrides = tuple(dict(overrides).items())
    inputs = tuple(zip(bound.names, values[len(options) :], strict=True))
    return body.emit(
        lambda node: _node(
            body, node, site, start=start, overrides=overrides, inputs=inputs, types=bound.types
        )
    )


def lower_value_call(body: Body, call: ValueCall, start: Start, evaluate: Evaluate) -> Output:
    """Evaluate the callee, then the arguments, and emit the call's node. What is no task is called
    as the function that it is: the helpers are there to be looked at.
    """
    tree = call.tree
    for candidate in call.candidates:
        if candidate.kind is Kind.HELPER and "<locals>" not in candidate.function.name:
            declare(body, candidate)
    arguments = _in_order(tree.args)
    callee, *values = evaluate([tree.func, *(argument.value for argument in arguments)])
    names = _names_by_place(arguments)
    results = {candidate.function.signature.result for candidate in call.candidates}
    return body.emit(
        lambda node: TaskNode(
            id=node,
            callee=ValueCallee(
                operand=callee,
                text=body.text(tree.func),
                candidates=tuple(
                    callee_of(each) for each in call.candidates if each.kind is not Kind.HELPER
                ),
            ),
            inputs=tuple(zip(names, values, strict=True)),
            input_types=(None,) * len(names),
            overrides=(),
            start=start,
            type=results.pop() if len(results) == 1 else None,
            span=body.span(tree),
        )
    )


def override_calls(call: cst.Call) -> list[cst.Call]:
    """Each `.override(...)` between a callee and a call, in order."""
    found: list[cst.Call] = []
    function: cst.BaseExpression = call.func
    while isinstance(function, cst.Attribute | cst.Call):
        if isinstance(function, cst.Call):
            found.append(function)
            function = function.func
        else:
            function = function.value
    return found[::-1]


def _node(
    body: Body,
    node: NodeId,
    site: CallSite,
    *,
    start: Start,
    overrides: Inputs,
    inputs: Inputs,
    types: tuple[str | None, ...],
) -> TaskNode | TraceNode:
    callee, declared = callee_of(site.callee), site.callee.function.signature.result
    if site.callee.kind is Kind.TRACE:
        return TraceNode(
            id=node,
            callee=callee,
            inputs=inputs,
            input_types=types,
            start=start,
            type=declared,
            span=body.span(site.tree),
        )
    return TaskNode(
        id=node,
        callee=callee,
        inputs=inputs,
        input_types=types,
        overrides=overrides,
        start=start,
        type=declared,
        span=body.span(site.tree),
    )


def _lower_helper(body: Body, site: CallSite, start: Start, evaluate: Evaluate) -> Output:
    helper = declare_helper(body, site)
    bound = _bind(site, site.tree.args, receiver=helper.receiver)
    if helper.is_of_class:  # `__self__` of the method is its class, whatever it was looked up on
        found = evaluate_part(
            body, Part(node=site.tree.func, opening="(", closing=").__self__"), []
        )
        values = [found, *evaluate(bound.values[1:])]
    else:
        values = evaluate(bound.values)
    captured = tuple((name, body.read(name)) for name in helper.declared.captures)
    signature = site.callee.function.signature
    return body.emit(
        lambda node: HelperNode(
            id=node,
            helper=helper.declared.id,
            name=site.callee.name,
            inputs=(*zip(bound.names, values, strict=True), *captured),
            start=start,
            type=signature.result,
            span=body.span(site.tree),
        )
    )


def _bind(
    site: CallSite, arguments: Sequence[cst.Arg], receiver: cst.BaseExpression | None = None
) -> _Bound:
    """The arguments by the callee's parameters where the source tells them, else by place."""
    signature = site.callee.function.signature
    first = () if receiver is None else (receiver,)
    given = [*(cst.Arg(value=value) for value in first), *_in_order(arguments)]
    if any(a.star for a in given) or any(p.kind in _VARIADIC for p in signature.parameters):
        return _Bound(
            tuple(_names_by_place(given)),
            tuple(argument.value for argument in given),
            _types_by_place(given, signature),
        )
    parameters = bind(given, signature)
    if parameters is None:
        raise reasons.unbindable(site)
    return _Bound(
        tuple(parameter.name for parameter in parameters),
        tuple(argument.value for argument in given),
        tuple(parameter.annotation for parameter in parameters),
    )


def _in_order(arguments: Iterable[cst.Arg]) -> list[cst.Arg]:
    """Arguments as Python evaluates them: `*xs` before any keyword, wherever it stands."""
    given = list(arguments)
    return [
        *(a for a in given if a.keyword is None and a.star != "**"),
        *(a for a in given if a.keyword is not None or a.star == "**"),
    ]


def _names_by_place(arguments: Sequence[cst.Arg]) -> list[str]:
    return [
        argument.star or (str(place) if argument.keyword is None else argument.keyword.value)
        for place, argument in enumerate(arguments)
    ]


def _types_by_place(arguments: Sequence[cst.Arg], signature: Signature) -> tuple[str | None, ...]:
    by_name = {p.name: p.annotation for p in signature.parameters if p.kind not in _VARIADIC}
    return tuple(
        None if argument.keyword is None else by_name.get(argument.keyword.value)
        for argument in arguments
    )
