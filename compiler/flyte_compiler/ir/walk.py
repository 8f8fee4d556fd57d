"""Going through a graph: every node with the regions that it holds."""

from __future__ import annotations

from collections.abc import Iterator
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
    LoopNode,
    MapNode,
    Node,
    Region,
    TaskGraph,
    TryNode,
    WithNode,
)


def regions_of(node: Node) -> tuple[Region, ...]:
    """The regions that a node holds, in program order."""
    match node:
        case BranchNode(arms=arms):
            return tuple(arm.body for arm in arms)
        case LoopNode(test=test, body=body, orelse=orelse):
            return tuple(region for region in (test, body, orelse) if region is not None)
        case MapNode(body=body) | WithNode(body=body):
            return (body,)
        case TryNode():
            return tuple(_regions_of_try(node))
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
            return ()
        case _:
            assert_never(node)


def nodes_in(region: Region) -> Iterator[Node]:
    """Every node of a region, each before the nodes inside it; helpers' aren't among them."""
    for node in region.nodes:
        yield node
        for inner in regions_of(node):
            yield from nodes_in(inner)


def all_nodes(graph: TaskGraph) -> Iterator[Node]:
    """Every node of a graph: the driver's, then each helper's."""
    yield from nodes_in(graph.body)
    for helper in graph.helpers:
        yield from nodes_in(helper.body)


def dynamic_nodes(graph: TaskGraph) -> tuple[DynamicNode, ...]:
    """The nodes that keep a driver from being compiled; none in a compiled one."""
    return tuple(node for node in all_nodes(graph) if isinstance(node, DynamicNode))


def _regions_of_try(node: TryNode) -> Iterator[Region]:
    yield node.body
    for handler in node.handlers:
        if handler.types is not None:
            yield handler.types
        yield handler.body
    if node.orelse is not None:
        yield node.orelse
    if node.final is not None:
        yield node.final
