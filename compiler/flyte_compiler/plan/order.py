"""What must have happened before each node: data, and effects in their place.

A call whose result is discarded, or whose type is `None`, is there for its effect: it waits for
every earlier call, and every later call waits for it. The members of a gather are free of each
other, whatever they return; what holds for one of them holds for the gather as a whole. A
`DynamicNode` may do anything, so it is an effect too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flyte_compiler.ir.model import (
    DynamicNode,
    Node,
    NodeId,
    Output,
    PackKind,
    PackNode,
    Region,
    TaskNode,
    TraceNode,
)
from flyte_compiler.ir.operands import operands, uses


def dependencies(region: Region) -> Mapping[NodeId, frozenset[NodeId]]:
    """For each node, in program order, the nodes that it waits for directly."""
    waits = {node.id: _data(node) for node in region.nodes}
    gathers = _gathers(region)
    effects = _effects(region, gathers)
    barrier: frozenset[NodeId] = frozenset()
    since: set[NodeId] = set()
    for group in _groups(region.nodes, gathers):
        is_effect = not effects.isdisjoint(group)
        before = barrier | since if is_effect else barrier
        for node in group:
            waits[node] |= before
        if is_effect:
            barrier, since = frozenset(group), set()
        else:
            since.update(group)
    return waits


def _data(node: Node) -> frozenset[NodeId]:
    return frozenset(o.node for o in operands(node) if isinstance(o, Output))


def _gathers(region: Region) -> Mapping[NodeId, PackNode]:
    """The gather that each of its members belongs to."""
    return {
        member: node
        for node in region.nodes
        if isinstance(node, PackNode) and node.kind is PackKind.GATHER
        for member in _data(node)
    }


def _groups(
    nodes: Sequence[Node], gathers: Mapping[NodeId, PackNode]
) -> Sequence[tuple[NodeId, ...]]:
    """Calls in program order, the members of a gather together."""
    groups: dict[NodeId, tuple[NodeId, ...]] = {}
    for node in nodes:
        if isinstance(node, TaskNode | TraceNode | DynamicNode):
            gather = gathers.get(node.id)
            key = node.id if gather is None else gather.id
            groups[key] = (*groups.get(key, ()), node.id)
    return tuple(groups.values())


def _effects(region: Region, gathers: Mapping[NodeId, PackNode]) -> frozenset[NodeId]:
    """The nodes that are there for what they do."""
    used = {node for node, places in uses(region).items() if places}
    found: set[NodeId] = set()
    for node in region.nodes:
        match node:
            case DynamicNode():
                found.add(node.id)
            case TaskNode() | TraceNode():
                gather = gathers.get(node.id)
                consumed = node.id if gather is None else gather.id
                if node.type == "None" or consumed not in used:
                    found.add(node.id)
            case _:
                pass
    return frozenset(found)
