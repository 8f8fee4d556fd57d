"""A scene in DOT."""

from __future__ import annotations

from collections.abc import Sequence

import graphviz

from flyte_compiler.emit import style
from flyte_compiler.emit.compose import compose
from flyte_compiler.emit.label import Row, cell, label, tooltip
from flyte_compiler.emit.scene import Arrow, Bond, Box, Cluster, Role, Scene
from flyte_compiler.ir.model import TaskGraph


def to_dot(graphs: Sequence[TaskGraph]) -> str:
    """The picture of `graphs` in DOT: the same graphs, the same text."""
    return scene_to_dot(compose(graphs))


def scene_to_dot(scene: Scene) -> str:
    """One subgraph for each cluster, then the links, then the legend as the picture's label."""
    picture = graphviz.Digraph(
        "flyte",
        graph_attr={**style.GRAPH, **_legend(scene)},
        node_attr=style.NODE,
        edge_attr=style.EDGE,
    )
    for cluster in scene.clusters:
        picture.subgraph(_cluster(cluster, scene.environments))
    for link in scene.links:
        _draw_arrow(picture, link)
    return picture.source


def _cluster(cluster: Cluster, environments: Sequence[str]) -> graphviz.Digraph:
    tint = style.environment_tint(environments, cluster.environment) or style.INK
    drawn = graphviz.Digraph(
        f"cluster_{cluster.id}",
        graph_attr={
            **style.CLUSTER,
            "color": tint.stroke if cluster.is_compiled else style.WARM.stroke,
            "label": _cluster_label(cluster, tint),
        },
    )
    for box in cluster.boxes:
        _draw_box(drawn, box, environments)
    for arrow in cluster.arrows:
        _draw_arrow(drawn, arrow)
    return drawn


def _draw_box(picture: graphviz.Digraph, box: Box, environments: Sequence[str]) -> None:
    tint = style.environment_tint(environments, box.environment) or style.TINTS[box.role]
    title = Row(text=box.title, points=style.TITLE_POINTS[box.role], colour=tint.text, face="bold")
    lines = [
        Row(text=text, points=style.LINE_POINTS, colour=tint.text, face="code")
        for text in box.lines
    ]
    notes = [Row(text=text, points=style.LINE_POINTS, colour=tint.text) for text in box.notes]
    picture.node(
        box.id,
        label([*([title] if box.title else []), *lines, *notes]),
        tooltip=tooltip(box.hint),
        fillcolor=tint.fill,
        color=tint.stroke,
        **style.SHAPES[box.role],
    )


def _draw_arrow(picture: graphviz.Digraph, arrow: Arrow) -> None:
    rows = [Row(text=f"  {text} ", points=9, colour="#475569") for text in arrow.lines]
    attributes = dict(style.ARROWS[arrow.bond])
    if arrow.cluster is not None:
        attributes["lhead"] = f"cluster_{arrow.cluster}"
    picture.edge(arrow.source, arrow.target, label(rows) if rows else None, **attributes)


def _cluster_label(cluster: Cluster, tint: style.Tint) -> str:
    mark = style.GOOD if cluster.is_compiled else style.WARM
    title = Row(text=cluster.title, points=16, colour=tint.text, face="bold")
    badge = Row(text=f"   ● {cluster.mark}", points=10, colour=mark.stroke, face="bold")
    code = "".join(
        f"<TR>{cell(Row(text=line, points=10, colour='#475569', face='code'))}</TR>"
        for line in cluster.lines
    )
    return (
        '<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="2">'
        f"<TR>{cell(title, badge)}</TR>{code}</TABLE>>"
    )


def _legend(scene: Scene) -> dict[str, str]:
    """The environments' colours, and what a dotted line means where there is one."""
    cells = []
    for name in scene.environments:
        tint = style.environment_tint(scene.environments, name) or style.INK
        box = f' BORDER="1" STYLE="rounded" COLOR="{tint.stroke}" BGCOLOR="{tint.fill}"'
        row = Row(text=f" {name} ", points=10, colour=tint.text)
        cells.append(cell(row, align="CENTER", attributes=box))
    cells.extend(_legend_notes(scene))
    if not cells:
        return {}
    line = "".join(cells)
    table = f'<<TABLE BORDER="0" CELLSPACING="8" CELLPADDING="3"><TR>{line}</TR></TABLE>>'
    return {"label": table, "labelloc": "b", "labeljust": "c"}


def _legend_notes(scene: Scene) -> list[str]:
    roles = {box.role for cluster in scene.clusters for box in cluster.boxes}
    bonds = {arrow.bond for cluster in scene.clusters for arrow in cluster.arrows}
    bonds |= {link.bond for link in scene.links}
    notes = {
        "dotted: opens that driver": Bond.OPENS in bonds,
        "pale dashes: order only": Bond.ORDER in bonds,
        "double border: a driver shown here": Role.DRIVER in roles,
        "folded corner: trace": Role.TRACE in roles,
        "dashed box: decided at run time": Role.DYNAMIC in roles,
    }
    return [
        cell(Row(text=text, points=9, colour="#64748b")) for text, used in notes.items() if used
    ]
