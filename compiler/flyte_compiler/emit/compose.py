"""Compose graphs into a scene: which boxes there are, and what ties them.

Two calls of one task are two boxes; all values between the same two boxes are one arrow.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from flyte_compiler.emit.boxes import callee_key, callees, node_box, parameter_box, result_box
from flyte_compiler.emit.scene import Arrow, Bond, Box, Cluster, Role, Scene
from flyte_compiler.emit.wording import CLUSTER_LINE, EDGE_LINE, boundary, cut, signature_lines
from flyte_compiler.ir.edges import edges, operand_type
from flyte_compiler.ir.model import Input, Literal, NodeId, TaskGraph


def compose(graphs: Sequence[TaskGraph]) -> Scene:
    """One cluster for each graph, in the order given, and links from calls to clusters."""
    names = {callee_key(graph.task): f"d{place}" for place, graph in enumerate(graphs)}
    clusters = tuple(
        _Driver(id=f"d{place}", graph=graph, drawn=names).cluster()
        for place, graph in enumerate(graphs)
    )
    return Scene(
        clusters=clusters,
        links=tuple(_links(graphs, clusters, names)),
        environments=_environments(clusters),
    )


def _environments(clusters: Iterable[Cluster]) -> tuple[str, ...]:
    seen = (
        environment
        for cluster in clusters
        for environment in (cluster.environment, *(box.environment for box in cluster.boxes))
    )
    return tuple(dict.fromkeys(name for name in seen if name is not None))


def _links(
    graphs: Sequence[TaskGraph], clusters: Sequence[Cluster], names: Mapping[str, str]
) -> Iterable[Arrow]:
    """A link from each box to the cluster of each driver that it calls, its own left out."""
    entries = {cluster.id: cluster.boxes[0].id for cluster in clusters}
    for graph, cluster in zip(graphs, clusters, strict=True):
        for node in graph.body.nodes:
            for callee in callees(node):
                opened = names.get(callee_key(callee), cluster.id)
                if opened != cluster.id:
                    yield Arrow(
                        source=f"{cluster.id}_{node.id}",
                        target=entries[opened],
                        bond=Bond.OPENS,
                        cluster=opened,
                    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Driver:
    """One graph on its way to a cluster."""

    id: str
    graph: TaskGraph
    drawn: Mapping[str, str]

    def cluster(self) -> Cluster:
        boxes = tuple(self.boxes())
        arrows = (*self.values(), *self.returned())
        dynamic = len(self.graph.dynamic_nodes)
        task = self.graph.task
        return Cluster(
            id=self.id,
            title=task.name,
            lines=signature_lines(task.signature, CLUSTER_LINE),
            mark="compiled" if dynamic == 0 else f"dynamic ({dynamic})",
            is_compiled=dynamic == 0,
            environment=task.environment,
            boxes=boxes,
            arrows=(*arrows, *_order(boxes, arrows)),
        )

    def boxes(self) -> Iterable[Box]:
        """Never none: a driver without parameters and nodes has a result."""
        body = self.graph.body
        for place, parameter in enumerate(body.parameters):
            yield parameter_box(f"{self.id}_p{place}", parameter)
        for node in body.nodes:
            yield node_box(f"{self.id}_{node.id}", node, self.drawn)
        result = result_box(f"{self.id}_result", self.graph)
        if result is not None:
            yield result

    def values(self) -> Iterable[Arrow]:
        """One arrow for each pair of boxes, with every type that flows along it."""
        flows: dict[tuple[str, str], list[str]] = {}
        for edge in edges(self.graph.body):
            pair = (self.source_id(edge.source), f"{self.id}_{edge.target}")
            flows.setdefault(pair, []).extend(_labels(edge.provided, edge.expected))
        for (source, target), labels in flows.items():
            yield Arrow(
                source=source, target=target, bond=Bond.VALUE, lines=tuple(dict.fromkeys(labels))
            )

    def returned(self) -> Iterable[Arrow]:
        result = self.graph.body.result
        if result is None or isinstance(result, Literal):
            return
        provided = operand_type(self.graph.body, result)
        yield Arrow(
            source=self.source_id(result if isinstance(result, Input) else result.node),
            target=f"{self.id}_result",
            bond=Bond.VALUE,
            lines=_labels(provided, self.graph.result_type),
        )

    def source_id(self, source: NodeId | Input) -> str:
        if not isinstance(source, Input):
            return f"{self.id}_{source}"
        names = [parameter.name for parameter in self.graph.body.parameters]
        return f"{self.id}_p{names.index(source.name)}"


def _labels(provided: str | None, expected: str | None) -> tuple[str, ...]:
    label = boundary(provided, expected)
    return () if label is None else (cut(label, EDGE_LINE),)


def _order(boxes: Sequence[Box], arrows: Sequence[Arrow]) -> Iterable[Arrow]:
    """Tie each box that no value reaches or leaves to the one before it."""
    tied = {arrow.source for arrow in arrows} | {arrow.target for arrow in arrows}
    shown = [box for box in boxes if box.role is not Role.PARAMETER]
    for previous, box in pairwise(shown):
        if box.id not in tied:
            yield Arrow(source=previous.id, target=box.id, bond=Bond.ORDER)
