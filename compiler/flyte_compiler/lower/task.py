"""`lower_task`: one driver's body to its graph, and which definitions are drivers."""

from __future__ import annotations

import libcst as cst

from flyte_compiler.callgraph.model import CallGraph, Definition, Kind
from flyte_compiler.ir.leaves import DynamicNode
from flyte_compiler.ir.model import (
    DriverKind,
    Helper,
    Parameter,
    Region,
    Return,
    TaskGraph,
)
from flyte_compiler.ir.values import DRIVER, Literal
from flyte_compiler.ir.verify import verify
from flyte_compiler.lower import reasons
from flyte_compiler.lower.blocks import lower_block
from flyte_compiler.lower.body import GOES_ON, Around, Body, Ending
from flyte_compiler.lower.callees import Calls, callee_of, signature_text
from flyte_compiler.lower.expressions import Expressions
from flyte_compiler.lower.fragments import variables_in
from flyte_compiler.lower.lowering import Declared, Lowering
from flyte_compiler.lower.reasons import NotLowered
from flyte_compiler.lower.scope import Function, Scope
from flyte_compiler.syntax.scan import parameter_list
from flyte_compiler.syntax.scope import names_in

_NOTHING_LATER = Around(live=frozenset(), carried=None)


def is_driver(definition: Definition, graph: CallGraph) -> bool:
    """Whether a definition is a task whose body calls a task or a trace, itself or by a helper."""
    if not definition.is_task:
        return False
    tree = definition.function.tree
    return Calls(graph, tree).any_in(tree.body)


def lower_task(definition: Definition, graph: CallGraph) -> TaskGraph:
    """Lower a driver; what can't be lowered is a `DynamicNode` in the graph.

    Raises:
        CompilerBug: the graph that came out is not well-formed.
    """
    tree = definition.function.tree
    lowering = Lowering(graph)
    function = Function(
        tree=tree,
        index=graph.modules[definition.module],
        name=definition.function.name,
        definition=definition,
    )
    scope = Scope(DRIVER, function, Calls(graph, tree))
    body = Body(lowering, scope)
    if refusal := _whole_refusal(definition):
        region = _leave_whole(body, tree, refusal)
    else:
        region = _whole(body, tree)
    helpers = tuple(_lower_helper(lowering, helper) for helper in lowering.declared())
    lowered = TaskGraph(
        task=callee_of(definition),
        kind=_kind(definition),
        parameters=tuple(
            Parameter(name=parameter.name, type=parameter.annotation)
            for parameter in definition.function.signature.parameters
        ),
        cells=tuple(sorted(scope.cells)),
        body=region,
        helpers=helpers,
        result_type=definition.function.signature.result,
        span=definition.function.span,
    )
    verify(lowered)
    return lowered


def _whole(body: Body, tree: cst.FunctionDef) -> Region:
    """A whole function's body, which ends with `return None` where it falls off its end."""
    path = body.inside(lambda: lower_block(body, tree.body, _NOTHING_LATER))
    end = Return(value=Literal(None)) if path.goes_on else path.ending.end
    assert end is not None
    return Region(nodes=path.nodes, end=end)


def _lower_helper(lowering: Lowering, declared: Declared) -> Helper:
    scope = declared.scope
    function = scope.function
    body = Body(lowering, scope, declared.captures)
    match function.tree:
        case cst.Lambda(body=expression):
            path = body.inside(
                lambda: Ending(Return(value=Expressions(body, expression).operand(expression)))
            )
            assert path.ending.end is not None
            region = Region(nodes=path.nodes, end=path.ending.end)
        case cst.FunctionDef() as tree:
            region = _whole(body, tree)
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


def _kind(definition: Definition) -> DriverKind:
    if definition.kind is Kind.COMPILED_TASK:
        return DriverKind.COMPILED_TASK
    return DriverKind.TASK


def _whole_refusal(definition: Definition) -> NotLowered | None:
    """Why no statement of a driver can be lowered."""
    if definition.function.signature.is_generator:
        return reasons.generator_driver()
    if "<locals>" in definition.function.name:
        return reasons.nested_driver()
    return None


def _leave_whole(body: Body, tree: cst.FunctionDef, refusal: NotLowered) -> Region:
    start, end = body.offsets(tree.body)
    start += len(body.source.text[start:end]) - len(body.source.text[start:end].lstrip())

    def whole() -> Ending:
        body.emit(
            lambda node: DynamicNode(
                id=node,
                reason=refusal.reason,
                message=refusal.message,
                source=body.source.text[start:end],
                inputs=variables_in(body, names_in([tree.body]).reads),
                outputs=(),
                callees=body.calls.callees(body.calls.within(tree.body)),
                returns=True,
                span=body.source.span(start, end),
            )
        )
        return GOES_ON

    path = body.inside(whole)
    return Region(nodes=path.nodes, end=Return(value=Literal(None)))
