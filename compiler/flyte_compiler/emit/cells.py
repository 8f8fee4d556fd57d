"""Which fragment had a shared variable before another: `Cells(graph).before(cell, user)`.

No text says which fragment bound a cell last. A picture shows the one that stands before in the
same function, on a path that can lead to the user; elsewhere, the one that the cell begins with.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flyte_compiler.ir.model import BranchNode, Node, Region, TaskGraph, TryNode
from flyte_compiler.ir.operands import named_operands
from flyte_compiler.ir.values import NodeId, Shared
from flyte_compiler.ir.walk import regions_of


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where a fragment stands."""

    body: int
    """0 in the driver's own body, else the helper's number."""
    arms: Mapping[NodeId, int]
    """By the node that holds alternatives around it: in which of them it is."""

    def can_follow(self, earlier: _Place) -> bool:
        """Whether one run of the same body may pass both."""
        is_parted = any(self.arms.get(node, arm) != arm for node, arm in earlier.arms.items())
        return self.body == earlier.body and not is_parted


class Cells:
    """Who reads or binds each cell of one graph, in program order."""

    def __init__(self, graph: TaskGraph) -> None:
        self._places: dict[NodeId, _Place] = {}
        self._holders: dict[tuple[NodeId, str], list[NodeId]] = {}
        bodies = (graph.body, *(helper.body for helper in graph.helpers))
        for number, body in enumerate(bodies):
            for node, place in _placed(body, _Place(body=number, arms={})):
                self._hold(node, place)

    def before(self, cell: Shared, user: NodeId | None) -> Sequence[NodeId]:
        """The fragments that a picture may draw an arrow from, the likeliest last."""
        holders = self._holders.get((cell.owner, cell.name), ())
        if user is None or user not in holders:
            return ()
        place = self._places[user]
        earlier = holders[: holders.index(user)]
        near = [node for node in earlier if place.can_follow(self._places[node])]
        return near or [node for node in holders[:1] if self._places[node].body != place.body]

    def _hold(self, node: Node, place: _Place) -> None:
        for _, operand in named_operands(node):
            if isinstance(operand, Shared):
                self._places[node.id] = place
                held = self._holders.setdefault((operand.owner, operand.name), [])
                held.append(node.id)


def _placed(region: Region, place: _Place) -> Iterator[tuple[Node, _Place]]:
    for node in region.nodes:
        yield node, place
        alternatives = [id(each) for each in _alternatives(node)]
        for inner in regions_of(node):
            arms = place.arms
            if id(inner) in alternatives:
                arms = {**arms, node.id: alternatives.index(id(inner))}
            yield from _placed(inner, _Place(body=place.body, arms=arms))


def _alternatives(node: Node) -> tuple[Region, ...]:
    """The regions of a node of which a run passes one at most."""
    match node:
        case BranchNode(arms=arms):
            return tuple(arm.body for arm in arms)
        case TryNode(handlers=handlers, orelse=orelse):
            return (*(handler.body for handler in handlers), *(() if orelse is None else (orelse,)))
        case _:
            return ()
