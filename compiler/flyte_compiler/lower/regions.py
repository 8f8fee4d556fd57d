"""Whole functions as regions: a driver's body, and the helpers that it calls."""

from __future__ import annotations

from functools import partial

import libcst as cst

from flyte_compiler.callgraph.model import Kind
from flyte_compiler.ir.leaves import DynamicNode, Start, TaskNode, TraceNode
from flyte_compiler.ir.model import Helper, Parameter, Region, Return
from flyte_compiler.ir.values import Literal, Output, RegionInput
from flyte_compiler.lower.blocks import lower_block
from flyte_compiler.lower.body import GOES_ON, Around, Body, Ending
from flyte_compiler.lower.callees import callee_of, signature_text
from flyte_compiler.lower.expressions import Expressions
from flyte_compiler.lower.fragments import variables_in
from flyte_compiler.lower.lowering import Declared, Lowering, Wrapped
from flyte_compiler.lower.reasons import NotLowered
from flyte_compiler.lower.scope import Function
from flyte_compiler.syntax.scan import parameter_list
from flyte_compiler.syntax.scope import names_in

_NOTHING_LATER = Around(live=frozenset(), carried=None)


def lower_function(body: Body, tree: cst.FunctionDef) -> Region:
    """A whole function's body, which ends with `return None` where it falls off its end."""
    path = body.inside(lambda: lower_block(body, tree.body, _NOTHING_LATER))
    end = Return(value=Literal(None)) if path.goes_on else path.ending.end
    assert end is not None
    return Region(nodes=path.nodes, end=end)


def lower_helper(lowering: Lowering, helper: Declared | Wrapped) -> Helper:
    """A helper's own graph."""
    match helper:
        case Declared():
            return _lower_declared(lowering, helper)
        case Wrapped():
            return _wrap(lowering, helper)


def _wrap(lowering: Lowering, wrapped: Wrapped) -> Helper:
    """`lambda *args, **kwargs: task(*args, **kwargs)`."""
    function = wrapped.task.function
    node = lowering.new_id()
    arguments = tuple((star, RegionInput(wrapped.id, name)) for name, star in _EVERYTHING)
    call = (
        TraceNode(
            id=node,
            callee=callee_of(wrapped.task),
            inputs=arguments,
            input_types=(None, None),
            start=Start.IN_PLACE,
            type=function.signature.result,
            span=function.span,
        )
        if wrapped.task.kind is Kind.TRACE
        else TaskNode(
            id=node,
            callee=callee_of(wrapped.task),
            inputs=arguments,
            input_types=(None, None),
            overrides=(),
            start=Start.IN_PLACE,
            type=function.signature.result,
            span=function.span,
        )
    )
    return Helper(
        id=wrapped.id,
        name=wrapped.task.name,
        module=wrapped.task.module,
        function=function.name,
        is_async=function.signature.is_async,
        parameters=tuple(Parameter(name=name, type=None) for name, _ in _EVERYTHING),
        signature="(*args, **kwargs)",
        captures=(),
        cells=(),
        body=Region(nodes=(call,), end=Return(value=Output(node))),
        span=function.span,
    )


_EVERYTHING = (("args", "*"), ("kwargs", "**"))


def _lower_declared(lowering: Lowering, declared: Declared) -> Helper:
    scope = declared.scope
    function = scope.function
    body = Body(lowering, scope, declared.captures)
    match function.tree:
        case cst.Lambda(body=expression):
            region = _lower_lambda(body, expression)
        case cst.FunctionDef() as tree:
            region = lower_function(body, tree)
    return Helper(
        id=declared.id,
        name=f"{function.index.module}.{function.name}",
        module=function.index.module,
        function=function.name,
        is_async=function.is_async,
        parameters=_parameters(function),
        signature=_signature(function),
        captures=declared.captures,
        cells=tuple(sorted(scope.cells)),
        body=region,
        span=body.span(function.tree),
    )


def _lower_lambda(body: Body, expression: cst.BaseExpression) -> Region:
    """A lambda's expression, which is what it returns; Python where it can't be lowered."""

    def lowered() -> Ending:
        return Ending(Return(value=Expressions(body, expression).operand(expression)))

    mark = body.mark()
    try:
        path = body.inside(lowered)
    except NotLowered as refusal:
        body.return_to(mark)
        left = partial(_leave_expression, body, expression, refusal)
        path = body.inside(left)
    end = Return(value=Literal(None)) if path.goes_on else path.ending.end
    assert end is not None
    return Region(nodes=path.nodes, end=end)


def _leave_expression(body: Body, expression: cst.BaseExpression, refusal: NotLowered) -> Ending:
    body.emit(
        lambda node: DynamicNode(
            id=node,
            reason=refusal.reason,
            message=refusal.message,
            source=f"return ({body.index.positions.text(expression)}\n)",
            inputs=variables_in(body, names_in([expression]).reads),
            outputs=(),
            callees=body.places.callees_within(expression),
            returns=True,
            span=body.span(expression),
        )
    )
    return GOES_ON


def _parameters(function: Function) -> tuple[Parameter, ...]:
    if function.definition is not None:
        return tuple(
            Parameter(name=parameter.name, type=parameter.annotation)
            for parameter in function.definition.function.signature.parameters
        )
    return tuple(
        Parameter(name=parameter.name.value, type=None)
        for parameter in parameter_list(function.tree.params)
    )


def _signature(function: Function) -> str:
    if function.definition is not None:
        return signature_text(function.definition.function.signature)
    return f"({cst.Module([]).code_for_node(function.tree.params).strip()})"
