"""Which helpers are drawn where they are called."""

from __future__ import annotations

from typing import TypeGuard

from flyte_compiler.ir.leaves import FunctionNode, HelperNode
from flyte_compiler.ir.model import Node, TaskGraph
from flyte_compiler.ir.values import NodeId
from flyte_compiler.ir.walk import all_nodes, nodes_in


def inlined_helpers(graph: TaskGraph) -> dict[NodeId, HelperNode]:
    """Helpers with one call and no other use, and none of it from inside themselves."""
    uses: dict[NodeId, list[Node]] = {}
    for node in all_nodes(graph):
        if is_use(node):
            uses.setdefault(node.helper, []).append(node)
    once = {
        helper: calls[0]
        for helper, calls in uses.items()
        if len(calls) == 1 and isinstance(calls[0], HelperNode)
    }
    return {
        helper.id: once[helper.id]
        for helper in graph.helpers
        if helper.id in once and once[helper.id] not in tuple(nodes_in(helper.body))
    }


def is_use(node: Node) -> TypeGuard[HelperNode | FunctionNode]:
    """Whether a node names a helper."""
    return isinstance(node, HelperNode | FunctionNode)
