"""Which helpers are drawn where they are called."""

from __future__ import annotations

from flyte_compiler.ir.leaves import FunctionNode, HelperNode, PythonNode
from flyte_compiler.ir.model import Node, TaskGraph
from flyte_compiler.ir.values import NodeId
from flyte_compiler.ir.walk import all_nodes, nodes_in


def inlined_helpers(graph: TaskGraph) -> dict[NodeId, HelperNode]:
    """Helpers with one call and no other use, and none of it from inside themselves."""
    uses: dict[NodeId, list[Node]] = {}
    for node in all_nodes(graph):
        for helper in helpers_of(node):
            uses.setdefault(helper, []).append(node)
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


def helpers_of(node: Node) -> tuple[NodeId, ...]:
    """The helpers that a node names: those that it calls, makes an object of, or leaves to
    Python."""
    match node:
        case HelperNode(helper=helper) | FunctionNode(helper=helper):
            return (helper,)
        case PythonNode(runs=runs):
            return runs
        case _:
            return ()
