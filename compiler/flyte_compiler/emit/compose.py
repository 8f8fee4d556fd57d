"""Compose graphs into a scene: which boxes there are, and what ties them.

Two calls of one task are two boxes; all values between the same two boxes are one arrow.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from flyte_compiler.emit.boxes import BoxMaker, callee_key, callees
from flyte_compiler.emit.flows import arrows_of
from flyte_compiler.emit.fold import fold
from flyte_compiler.emit.inlined import inlined_helpers
from flyte_compiler.emit.outline import Outline
from flyte_compiler.emit.regions import driver_figures
from flyte_compiler.emit.scene import (
    Arrow,
    Bond,
    Cluster,
    Frame,
    Mark,
    Scene,
    boxes_in,
)
from flyte_compiler.emit.wording import CLUSTER_LINE, signature_lines
from flyte_compiler.ir.model import TaskGraph
from flyte_compiler.ir.walk import all_nodes, dynamic_nodes


def compose(graphs: Sequence[TaskGraph]) -> Scene:
    """One cluster for each graph, in the order given, and links from calls to clusters."""
    names = {callee_key(graph.task): f"d{place}" for place, graph in enumerate(graphs)}
    outlines = [_outline(graph, f"d{place}", names) for place, graph in enumerate(graphs)]
    clusters: list[Cluster] = []
    arrows: list[Arrow] = []
    for outline in outlines:
        cluster = _cluster(outline)
        clusters.append(cluster)
        arrows.extend(arrows_of(outline, cluster.figures))
    arrows.extend(_links(outlines, clusters, names))
    return Scene(
        clusters=tuple(clusters),
        arrows=tuple(arrows),
        environments=_environments(clusters),
    )


def _outline(graph: TaskGraph, prefix: str, names: Mapping[str, str]) -> Outline:
    return Outline(
        prefix=prefix,
        graph=graph,
        folding=fold(graph),
        maker=BoxMaker(drivers=names, helpers={helper.id: helper for helper in graph.helpers}),
        inlined=inlined_helpers(graph),
    )


def _cluster(outline: Outline) -> Cluster:
    graph = outline.graph
    dynamic = len(dynamic_nodes(graph))
    return Cluster(
        id=outline.prefix,
        frame=Frame.DRIVER,
        title=graph.task.name,
        lines=signature_lines(graph.task.signature, CLUSTER_LINE),
        mark="compiled" if dynamic == 0 else f"dynamic ({dynamic})",
        mood=Mark.GOOD if dynamic == 0 else Mark.WARM,
        environment=graph.task.environment,
        span=graph.span,
        figures=driver_figures(outline),
    )


def _environments(clusters: Iterable[Cluster]) -> tuple[str, ...]:
    seen = (
        environment
        for cluster in clusters
        for environment in (
            cluster.environment,
            *(box.environment for box in boxes_in(cluster.figures)),
        )
    )
    return tuple(dict.fromkeys(name for name in seen if name is not None))


def _links(
    outlines: Sequence[Outline], clusters: Sequence[Cluster], names: Mapping[str, str]
) -> Iterator[Arrow]:
    """A link from each box to the cluster of each driver that it calls, its own left out."""
    entries = {cluster.id: next(boxes_in(cluster.figures)).id for cluster in clusters}
    for outline in outlines:
        for node in all_nodes(outline.graph):
            for callee in callees(node):
                opened = names.get(callee_key(callee), outline.prefix)
                box = outline.boxes.get(node.id)
                if opened != outline.prefix and box is not None:
                    yield Arrow(source=box, target=entries[opened], bond=Bond.OPENS, head=opened)
