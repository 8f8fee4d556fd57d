"""How large a graph is, how long its longest path, how much of it can run at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from flyte_compiler.ir.edges import edges
from flyte_compiler.ir.model import NodeId, TaskGraph, TaskNode, TraceNode
from flyte_compiler.plan.order import dependencies


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """The size and shape of one driver's graph.

    An action here is a call of a task or a trace. What a `DynamicNode` calls is known at run time
    only, and counts as nothing.
    """

    actions: int
    nodes: int
    edges: int
    depth: int
    """Actions on the longest path."""
    width: int
    """The most actions on one level: a level holds the actions whose longest path up to and
    including themselves has the same number of actions. So it is how many run at once where
    every action takes equally long and starts as soon as it may."""


def measure(graph: TaskGraph) -> Measure:
    """Measure one graph."""
    levels = _levels(graph)
    calls = [node.id for node in graph.body.nodes if isinstance(node, TaskNode | TraceNode)]
    population = Counter(levels[call] for call in calls)
    return Measure(
        actions=len(calls),
        nodes=len(graph.body.nodes),
        edges=len(edges(graph.body)),
        depth=max(population, default=0),
        width=max(population.values(), default=0),
    )


def _levels(graph: TaskGraph) -> Mapping[NodeId, int]:
    """The number of actions on the longest path to each node, itself included."""
    waits = dependencies(graph.body)
    levels: dict[NodeId, int] = {}
    for node in graph.body.nodes:  # program order: what a node waits for comes before it
        before = max((levels[earlier] for earlier in waits[node.id]), default=0)
        levels[node.id] = before + isinstance(node, TaskNode | TraceNode)
    return levels
