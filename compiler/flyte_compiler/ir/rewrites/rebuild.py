"""Graphs with some of their nodes, or operands, replaced: what rewrites are made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import assert_never

from flyte_compiler.ir.leaves import (
    AwaitNode,
    DynamicNode,
    FunctionNode,
    HelperNode,
    PackNode,
    PythonNode,
    TaskNode,
    TraceNode,
    YieldNode,
)
from flyte_compiler.ir.model import (
    BranchNode,
    Break,
    Continue,
    End,
    LoopNode,
    MapNode,
    Node,
    Region,
    Return,
    Stop,
    TaskGraph,
    TryNode,
    WithNode,
    Yield,
)
from flyte_compiler.ir.values import Operand, ValueCallee, Variables

RegionChange = Callable[[Region], Region]


def with_regions(graph: TaskGraph, change: RegionChange) -> TaskGraph:
    """The graph with each region changed, inner ones first."""
    helpers = tuple(replace(helper, body=_region(helper.body, change)) for helper in graph.helpers)
    return replace(graph, body=_region(graph.body, change), helpers=helpers)


def with_nodes(graph: TaskGraph, change: Callable[[Node], Node]) -> TaskGraph:
    """The graph with each node changed, those inside a node before it."""

    def changed(region: Region) -> Region:
        return replace(region, nodes=tuple(map(change, region.nodes)))

    return with_regions(graph, changed)


def with_operands(graph: TaskGraph, change: Callable[[Operand], Operand]) -> TaskGraph:
    """The graph with operands replaced wherever they stand."""

    def changed(region: Region) -> Region:
        nodes = tuple(_own_operands(node, change) for node in region.nodes)
        return Region(nodes=nodes, end=_end(region.end, change))

    return with_regions(graph, changed)


def with_inner_regions(node: Node, change: RegionChange) -> Node:
    """The node with each region that it holds changed."""
    match node:
        case BranchNode(arms=arms):
            return replace(node, arms=tuple(replace(a, body=change(a.body)) for a in arms))
        case LoopNode(test=test, body=body, orelse=orelse):
            return replace(
                node,
                test=None if test is None else change(test),
                body=change(body),
                orelse=None if orelse is None else change(orelse),
            )
        case MapNode(body=body) | WithNode(body=body):
            return replace(node, body=change(body))
        case TryNode():
            return replace(
                node,
                body=change(node.body),
                handlers=tuple(
                    replace(
                        handler,
                        types=None if handler.types is None else change(handler.types),
                        body=change(handler.body),
                    )
                    for handler in node.handlers
                ),
                orelse=None if node.orelse is None else change(node.orelse),
                final=None if node.final is None else change(node.final),
            )
        case (
            TaskNode()
            | TraceNode()
            | HelperNode()
            | FunctionNode()
            | PythonNode()
            | PackNode()
            | AwaitNode()
            | YieldNode()
            | DynamicNode()
        ):
            return node
        case _:
            assert_never(node)


def _region(region: Region, change: RegionChange) -> Region:
    nodes = tuple(
        with_inner_regions(node, lambda inner: _region(inner, change)) for node in region.nodes
    )
    return change(replace(region, nodes=nodes))


def _own_operands(node: Node, change: Callable[[Operand], Operand]) -> Node:
    def named(pairs: Variables) -> Variables:
        return tuple((name, change(operand)) for name, operand in pairs)

    match node:
        case TaskNode(callee=callee):
            if isinstance(callee, ValueCallee):
                callee = replace(callee, operand=change(callee.operand))
            overrides = named(node.overrides)
            return replace(node, callee=callee, overrides=overrides, inputs=named(node.inputs))
        case TraceNode() | HelperNode() | PythonNode() | DynamicNode():
            return replace(node, inputs=named(node.inputs))
        case FunctionNode():
            return replace(node, captures=named(node.captures), defaults=named(node.defaults))
        case PackNode():
            elements = tuple(map(change, node.elements))
            wanted = change(node.return_exceptions)
            return replace(node, elements=elements, return_exceptions=wanted)
        case AwaitNode():
            return replace(node, awaited=change(node.awaited))
        case YieldNode():
            return replace(node, value=change(node.value))
        case BranchNode():
            return replace(node, test=change(node.test))
        case LoopNode(iterable=iterable):
            over = None if iterable is None else change(iterable)
            return replace(node, iterable=over, carried=named(node.carried))
        case MapNode():
            iterables = tuple(map(change, node.iterables))
            return replace(node, iterables=iterables, options=named(node.options))
        case TryNode():
            return node
        case WithNode(group=group):
            return replace(
                node,
                manager=change(node.manager),
                group=None if group is None else change(group),
                otherwise=named(node.otherwise),
            )
        case _:
            assert_never(node)


def _end(end: End, change: Callable[[Operand], Operand]) -> End:
    match end:
        case Yield(variables=variables, value=value):
            changed = tuple((name, change(operand)) for name, operand in variables)
            return Yield(variables=changed, value=None if value is None else change(value))
        case Continue(variables=variables) | Break(variables=variables):
            return replace(end, variables=tuple((n, change(o)) for n, o in variables))
        case Return(value=value):
            return Return(value=change(value))
        case Stop():
            return end
        case _:
            assert_never(end)
