"""A graph's nodes and regions as the plan's records, one for one."""

from __future__ import annotations

from typing import assert_never

from flyte_compiler.ir.leaves import (
    AwaitNode,
    DynamicNode,
    FunctionNode,
    HelperNode,
    PackKind,
    PackNode,
    PythonNode,
    Start,
    TaskNode,
    TraceNode,
    YieldNode,
)
from flyte_compiler.ir.model import (
    BranchNode,
    Helper,
    LoopNode,
    MapNode,
    Node,
    Region,
    TryNode,
    WithNode,
)
from flyte_compiler.ir.values import Callee, ValueCallee
from flyte_compiler.plan.operands import (
    end_of,
    named_operands_of,
    operand_of,
    optional_operand,
    place_of,
)
from flyte_compiler.rules.reasons import CODES
from flyte_plan import plan
from flyte_plan.digest import digest, show_digest


def region_of(region: Region) -> plan.Region:
    """The record of a region."""
    return plan.Region(nodes=tuple(map(node_of, region.nodes)), end=end_of(region.end))


def helper_of(helper: Helper) -> plan.PlannedHelper:
    """The record of a helper."""
    return plan.PlannedHelper(
        id=helper.id,
        name=helper.name,
        module=helper.module,
        function=helper.function,
        is_async=helper.is_async,
        parameters=tuple(parameter.name for parameter in helper.parameters),
        signature=helper.signature,
        captures=helper.captures,
        cells=helper.cells,
        body=region_of(helper.body),
        place=place_of(helper.span),
    )


def node_of(node: Node) -> plan.Node:
    """The record of a node."""
    match node:
        case TaskNode():
            return _task(node)
        case TraceNode():
            return _trace(node)
        case HelperNode():
            return _helper_call(node)
        case FunctionNode():
            return _function(node)
        case PythonNode():
            return _python(node)
        case PackNode():
            return _pack(node)
        case AwaitNode():
            return _await(node)
        case YieldNode():
            return plan.YieldNode(
                id=node.id,
                value=operand_of(node.value),
                is_from=node.is_from,
                place=place_of(node.span),
            )
        case BranchNode():
            return _branch(node)
        case LoopNode():
            return _loop(node)
        case MapNode():
            return _map(node)
        case TryNode():
            return _try(node)
        case WithNode():
            return _with(node)
        case DynamicNode():
            return _dynamic(node)
        case _:
            assert_never(node)


def fragment_digest(node: PythonNode) -> str:
    """The digest of a fragment: what it is and what it says, not where it stands."""
    fields = (node.form.value.encode(), node.indent.encode(), node.source.encode())
    return show_digest(digest("fragment", *fields, *(n.encode() for n in node.global_names)))


def _task(node: TaskNode) -> plan.TaskNode:
    callee = node.callee
    named = callee if isinstance(callee, Callee) else None
    value = callee if isinstance(callee, ValueCallee) else None
    return plan.TaskNode(
        id=node.id,
        task=callee.name if isinstance(callee, Callee) else callee.text,
        module=None if named is None else named.module,
        function=None if named is None else named.function,
        callee=None if value is None else operand_of(value.operand),
        candidates=() if value is None else tuple(each.name for each in value.candidates),
        inputs=named_operands_of(node.inputs, node.input_types),
        overrides=named_operands_of(node.overrides),
        deferred=_is_deferred(node.start),
        type=node.type,
        place=place_of(node.span),
    )


def _trace(node: TraceNode) -> plan.TraceNode:
    return plan.TraceNode(
        id=node.id,
        trace=node.callee.name,
        module=node.callee.module,
        function=node.callee.function,
        inputs=named_operands_of(node.inputs, node.input_types),
        deferred=_is_deferred(node.start),
        type=node.type,
        place=place_of(node.span),
    )


def _helper_call(node: HelperNode) -> plan.HelperNode:
    return plan.HelperNode(
        id=node.id,
        helper=node.helper,
        inputs=named_operands_of(node.inputs),
        deferred=_is_deferred(node.start),
        type=node.type,
        place=place_of(node.span),
    )


def _function(node: FunctionNode) -> plan.FunctionNode:
    return plan.FunctionNode(
        id=node.id,
        helper=node.helper,
        captures=named_operands_of(node.captures),
        defaults=named_operands_of(node.defaults),
        place=place_of(node.span),
    )


def _python(node: PythonNode) -> plan.PythonNode:
    return plan.PythonNode(
        id=node.id,
        form=node.form.value,
        kind=node.kind.value,
        source=node.source,
        digest=fragment_digest(node),
        inputs=named_operands_of(node.inputs),
        outputs=node.outputs,
        indent=node.indent,
        global_names=node.global_names,
        is_async=node.is_async,
        decides=node.decides,
        runs=node.runs,
        type=node.type,
        place=place_of(node.span),
    )


def _pack(node: PackNode) -> plan.PackNode:
    is_gather = node.kind is PackKind.GATHER
    return plan.PackNode(
        id=node.id,
        kind=node.kind.value,
        elements=tuple(map(operand_of, node.elements)),
        unpacked=node.unpacked,
        return_exceptions=operand_of(node.return_exceptions) if is_gather else None,
        deferred=_is_deferred(node.start),
        type=node.type,
        place=place_of(node.span),
    )


def _await(node: AwaitNode) -> plan.AwaitNode:
    return plan.AwaitNode(
        id=node.id, awaited=operand_of(node.awaited), type=node.type, place=place_of(node.span)
    )


def _branch(node: BranchNode) -> plan.BranchNode:
    return plan.BranchNode(
        id=node.id,
        choice=node.choice.value,
        test=operand_of(node.test),
        arms=tuple(plan.Arm(label=arm.label, body=region_of(arm.body)) for arm in node.arms),
        type=node.type,
        place=place_of(node.span),
    )


def _loop(node: LoopNode) -> plan.LoopNode:
    return plan.LoopNode(
        id=node.id,
        kind=node.kind.value,
        iterable=optional_operand(node.iterable),
        test=_optional_region(node.test),
        body=region_of(node.body),
        orelse=_optional_region(node.orelse),
        carried=named_operands_of(node.carried),
        collected=node.collected.value,
        label=node.label,
        type=node.type,
        place=place_of(node.span),
    )


def _map(node: MapNode) -> plan.MapNode:
    return plan.MapNode(
        id=node.id,
        kind=node.kind.value,
        iterables=tuple(map(operand_of, node.iterables)),
        body=region_of(node.body),
        options=named_operands_of(node.options),
        is_async=node.is_async,
        deferred=_is_deferred(node.start),
        collected=node.collected.value,
        label=node.label,
        type=node.type,
        place=place_of(node.span),
    )


def _try(node: TryNode) -> plan.TryNode:
    return plan.TryNode(
        id=node.id,
        body=region_of(node.body),
        handlers=tuple(
            plan.Handler(types=_optional_region(h.types), label=h.label, body=region_of(h.body))
            for h in node.handlers
        ),
        orelse=_optional_region(node.orelse),
        final=_optional_region(node.final),
        is_group=node.is_group,
        place=place_of(node.span),
    )


def _with(node: WithNode) -> plan.WithNode:
    return plan.WithNode(
        id=node.id,
        manager=operand_of(node.manager),
        body=region_of(node.body),
        is_async=node.is_async,
        group=optional_operand(node.group),
        otherwise=named_operands_of(node.otherwise),
        label=node.label,
        place=place_of(node.span),
    )


def _dynamic(node: DynamicNode) -> plan.DynamicNode:
    return plan.DynamicNode(
        id=node.id,
        code=CODES[node.reason],
        message=node.message,
        tasks=tuple(callee.name for callee in node.callees),
        place=place_of(node.span),
    )


def _optional_region(region: Region | None) -> plan.Region | None:
    return None if region is None else region_of(region)


def _is_deferred(start: Start) -> bool:
    return start is Start.DEFERRED
