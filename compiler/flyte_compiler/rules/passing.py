"""What becomes of calls' values in a driver's graph."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flyte_compiler.ir.leaves import Start, TaskNode
from flyte_compiler.ir.model import LoopNode, MapNode, Node, Region, TaskGraph
from flyte_compiler.ir.values import Callee, Input, Literal, NodeId, Operand, Output, RegionInput
from flyte_compiler.ir.walk import all_nodes, nodes_in, regions_of


def regions(graph: TaskGraph) -> Iterator[Region]:
    """Every region of a graph: the driver's body, the helpers', and those inside nodes."""
    yield graph.body
    yield from (helper.body for helper in graph.helpers)
    for node in all_nodes(graph):
        yield from regions_of(node)


def is_plain_call(node: Node) -> bool:
    """Whether a node calls one task, known by name, and waits for what it gives."""
    return (
        isinstance(node, TaskNode)
        and isinstance(node.callee, Callee)
        and node.start is Start.IN_PLACE
        and node.type not in (None, "None")
        and not node.overrides
    )


def inside(loop: LoopNode | MapNode) -> frozenset[NodeId]:
    """The loop and every node of its body."""
    return frozenset({loop.id, *(node.id for node in nodes_in(loop.body))})


def stays(operand: Operand, within: frozenset[NodeId]) -> bool:
    """Whether an operand is the same in each turn: it comes from outside, and nobody shares it."""
    match operand:
        case Literal() | Input():
            return True
        case Output(node=node):
            return node not in within
        case RegionInput(owner=owner):
            return owner not in within
        case _:
            return False


def nodes_by_id(graph: TaskGraph) -> Mapping[NodeId, Node]:
    """The nodes of a graph."""
    return {node.id: node for node in all_nodes(graph)}
