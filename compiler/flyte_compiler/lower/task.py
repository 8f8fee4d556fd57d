"""`lower_task`: one driver's body to its graph, and which definitions are drivers."""

from __future__ import annotations

import libcst as cst

from flyte_compiler.callgraph.model import CallGraph, Definition, Kind
from flyte_compiler.ir.leaves import DynamicNode
from flyte_compiler.ir.model import (
    DriverKind,
    Parameter,
    Region,
    Return,
    TaskGraph,
)
from flyte_compiler.ir.rewrites.every import rewrite
from flyte_compiler.ir.values import DRIVER, Literal
from flyte_compiler.ir.verify import verify
from flyte_compiler.lower import reasons
from flyte_compiler.lower.body import GOES_ON, Around, Body, Ending
from flyte_compiler.lower.callees import callee_of
from flyte_compiler.lower.fragments import variables_in
from flyte_compiler.lower.lowering import Lowering
from flyte_compiler.lower.places import Places
from flyte_compiler.lower.reasons import NotLowered
from flyte_compiler.lower.regions import lower_function, lower_helper
from flyte_compiler.lower.scope import Function, Scope
from flyte_compiler.syntax.scope import names_in

_NOTHING_LATER = Around(live=frozenset(), carried=None)


def is_driver(definition: Definition, graph: CallGraph) -> bool:
    """Whether a definition is a task whose body may call a task or a trace."""
    return definition.is_task and graph.reaches_task(definition)


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
    scope = Scope(DRIVER, function, Places(graph, tree))
    body = Body(lowering, scope)
    if refusal := _whole_refusal(definition):
        region = _leave_whole(body, tree, refusal)
    else:
        region = lower_function(body, tree)
    helpers = tuple(lower_helper(lowering, helper) for helper in lowering.declared())
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
    return rewrite(lowered, graph.texts)


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
                callees=body.places.callees_within(tree.body),
                returns=True,
                span=body.source.span(start, end),
            )
        )
        return GOES_ON

    path = body.inside(whole)
    return Region(nodes=path.nodes, end=Return(value=Literal(None)))
