"""FC504: as many calls at once as an input of unknown size has elements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flyte_compiler.diagnostics.model import Diagnostic, Label, Rule, Severity
from flyte_compiler.ir.leaves import HelperNode, TaskNode
from flyte_compiler.ir.model import Helper, MapKind, MapNode, Node, Region, TaskGraph, WithNode
from flyte_compiler.ir.values import Input, Literal, NodeId, Operand, Output, RegionInput
from flyte_compiler.ir.walk import all_nodes, nodes_in
from flyte_compiler.rules.facts import Facts
from flyte_compiler.rules.passing import nodes_by_id
from flyte_compiler.source.span import Span

RULE = Rule("FC504", "unbounded-fan-out", Severity.NOTE)


def check(facts: Facts) -> Iterator[Diagnostic]:
    """One a fan-out over a parameter or a task's result, as it is."""
    seen: set[Span] = set()
    for graph in facts.graphs:
        nodes = nodes_by_id(graph)
        for node in all_nodes(graph):
            if not isinstance(node, MapNode) or node.span in seen:
                continue
            is_unknown = any(_is_unknown(each, nodes) for each in node.iterables)
            if is_unknown and _is_unbounded(graph, node):
                seen.add(node.span)
                yield _diagnostic(node)


def _is_unbounded(graph: TaskGraph, node: MapNode) -> bool:
    match node.kind:
        case MapKind.STATEMENTS:
            return False
        case MapKind.MAP:
            limit = dict(node.options).get("concurrency", Literal(0))
            return limit in (Literal(0), Literal(None))
        case MapKind.GATHER:
            return not any(isinstance(each, WithNode) for each in _inside(graph, node.body))


def _inside(graph: TaskGraph, region: Region) -> Iterator[Node]:
    """The nodes of a body, and of the helpers that it calls: a semaphore may stand there."""
    helpers: Mapping[NodeId, Helper] = {helper.id: helper for helper in graph.helpers}
    waiting, seen = [region], set[NodeId]()
    while waiting:
        for node in nodes_in(waiting.pop()):
            yield node
            if isinstance(node, HelperNode) and node.helper not in seen and node.helper in helpers:
                seen.add(node.helper)
                waiting.append(helpers[node.helper].body)


def _is_unknown(operand: Operand, nodes: Mapping[NodeId, Node]) -> bool:
    match operand:
        case Input():
            return True
        case RegionInput(owner=owner):
            return owner.startswith("h")
        case Output(node=node):
            return isinstance(nodes.get(node), TaskNode)
        case _:
            return False


def _diagnostic(node: MapNode) -> Diagnostic:
    cure = (
        "give `flyte.map` a `concurrency=`"
        if node.kind is MapKind.MAP
        else "use `flyte.map.aio(..., concurrency=...)`, or an `asyncio.Semaphore` around each call"
    )
    return Diagnostic(
        rule=RULE,
        severity=RULE.severity,
        message="a fan-out over an input of unknown size has no limit",
        primary=Label(node.span, "all of its calls run at once"),
        helps=(cure,),
    )
