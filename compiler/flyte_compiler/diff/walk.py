"""Walks over a plan's graph: its nodes with what they stand in, its regions with their ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

from flyte_plan.plan import (
    DRIVER,
    AwaitNode,
    BranchNode,
    DynamicNode,
    FunctionNode,
    HelperNode,
    LoopNode,
    MapNode,
    Node,
    PackNode,
    PlannedGraph,
    PythonNode,
    Region,
    TaskNode,
    TraceNode,
    TryNode,
    WithNode,
    YieldNode,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedRegion:
    """A region and what it is left for."""

    region: Region
    body: str
    """The helper whose body it is in, or `DRIVER`: where `return` leads."""
    loop: str | None
    """The loop around, where `break` and `continue` lead."""
    within: tuple[str, ...]
    """What it stands in, in words, from the outside in."""


def placed_regions(graph: PlannedGraph) -> Iterator[PlacedRegion]:
    """Every region: the driver's, then each helper's, outer ones first, in program order."""
    yield from _inside(PlacedRegion(region=graph.body, body=DRIVER, loop=None, within=()))
    for helper in graph.helpers:
        within = (f"the helper `{helper.name}`",)
        yield from _inside(
            PlacedRegion(region=helper.body, body=helper.id, loop=None, within=within)
        )


def all_nodes(graph: PlannedGraph) -> Iterator[Node]:
    """Every node."""
    for placed in placed_regions(graph):
        yield from placed.region.nodes


def _inside(placed: PlacedRegion) -> Iterator[PlacedRegion]:
    yield placed
    for node in placed.region.nodes:
        for words, region in inner_regions(node):
            # Only a loop's body is left by `break`; its `else` belongs to the loop around.
            is_turn = isinstance(node, LoopNode) and region is node.body
            inner = PlacedRegion(
                region=region,
                body=placed.body,
                loop=node.id if is_turn else placed.loop,
                within=(*placed.within, words),
            )
            yield from _inside(inner)


def inner_regions(node: Node) -> Iterator[tuple[str, Region]]:
    """The regions that a node holds, and in words what it is to stand in one."""
    match node:
        case BranchNode(arms=arms):
            yield from (("a branch", arm.body) for arm in arms)
        case LoopNode(test=test, body=body, orelse=orelse):
            regions = (("a loop's test", test), ("a loop", body), ("a loop's `else`", orelse))
            yield from ((words, region) for words, region in regions if region is not None)
        case MapNode(kind=kind, body=body):
            yield ("a loop" if kind == "statements" else f"a {kind}"), body
        case TryNode(body=body, handlers=handlers, orelse=orelse, final=final):
            yield "a `try`", body
            for handler in handlers:
                if handler.types is not None:
                    yield "an `except`", handler.types
                yield "an `except`", handler.body
            if orelse is not None:
                yield "a `try`", orelse
            if final is not None:
                yield "a `finally`", final
        case WithNode(group=group, body=body):
            yield ("a `with`" if group is None else "a group"), body
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
            return
        case _:
            assert_never(node)
