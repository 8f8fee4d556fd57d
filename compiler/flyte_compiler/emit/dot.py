"""A scene in DOT."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

import graphviz

from flyte_compiler.emit import style
from flyte_compiler.emit.compose import compose
from flyte_compiler.emit.label import Row, cell, label, tooltip
from flyte_compiler.emit.legend import legend
from flyte_compiler.emit.scene import Arrow, Box, Cluster, Figure, Frame, Scene
from flyte_compiler.ir.model import TaskGraph


def to_dot(graphs: Sequence[TaskGraph]) -> str:
    """The picture of `graphs` in DOT: the same graphs, the same text."""
    return scene_to_dot(compose(graphs))


def scene_to_dot(scene: Scene) -> str:
    """Nested subgraphs, then every arrow, with the legend as the picture's label."""
    picture = graphviz.Digraph(
        "flyte",
        graph_attr={**style.GRAPH, **legend(scene)},
        node_attr=style.NODE,
        edge_attr=style.EDGE,
    )
    for cluster in scene.clusters:
        picture.subgraph(_cluster(cluster, scene.environments))
    for arrow in scene.arrows:
        _draw_arrow(picture, arrow)
    return picture.source


def _cluster(cluster: Cluster, environments: Sequence[str]) -> graphviz.Digraph:
    is_driver = cluster.frame is Frame.DRIVER
    drawn = graphviz.Digraph(
        f"cluster_{cluster.id}",
        graph_attr=_driver_look(cluster, environments) if is_driver else _region_look(cluster),
    )
    for figure in cluster.figures:
        _draw_figure(drawn, figure, environments)
    if cluster.frame is not Frame.MAP:
        return drawn
    # A second outline close around the first: many of it at once.
    look = style.FRAMES[cluster.frame]
    outer = graphviz.Digraph(
        f"cluster_{cluster.id}_stack",
        graph_attr={
            **style.REGION,
            "margin": "5",
            "label": "",
            "color": look.tint.stroke,
            "fillcolor": look.tint.fill,
        },
    )
    outer.subgraph(drawn)
    return outer


def _draw_figure(picture: graphviz.Digraph, figure: Figure, environments: Sequence[str]) -> None:
    match figure:
        case Box():
            _draw_box(picture, figure, environments)
        case Cluster():
            picture.subgraph(_cluster(figure, environments))
        case _:
            assert_never(figure)


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
        **{**style.SHAPES[box.role], **(style.STACK if box.is_stack else {})},
    )


def _draw_arrow(picture: graphviz.Digraph, arrow: Arrow) -> None:
    rows = [Row(text=f"  {text} ", points=9, colour="#475569") for text in arrow.lines]
    attributes = dict(style.ARROWS[arrow.bond])
    if arrow.tail is not None:
        attributes["ltail"] = f"cluster_{arrow.tail}"
    if arrow.head is not None:
        attributes["lhead"] = f"cluster_{arrow.head}"
    picture.edge(arrow.source, arrow.target, label(rows) if rows else None, **attributes)


def _driver_look(cluster: Cluster, environments: Sequence[str]) -> dict[str, str]:
    tint = style.environment_tint(environments, cluster.environment) or style.INK
    mark = style.MARKS[cluster.mood]
    stroke = tint.stroke if mark is not style.WARM else mark.stroke
    return {
        **style.CLUSTER,
        "color": stroke,
        "label": _cluster_label(cluster, points=16, tint=tint, mark=f"● {cluster.mark}"),
    }


def _region_look(cluster: Cluster) -> dict[str, str]:
    look = style.FRAMES[cluster.frame]
    return {
        **style.REGION,
        "style": look.style,
        "color": look.tint.stroke,
        "fillcolor": look.tint.fill,
        "label": _cluster_label(cluster, points=11, tint=look.tint, mark=cluster.mark),
    }


def _cluster_label(cluster: Cluster, *, points: int, tint: style.Tint, mark: str) -> str:
    title = Row(text=cluster.title, points=points, colour=tint.text, face="bold")
    small = min(points - 1, 10)
    lines = [Row(text=line, points=small, colour="#475569", face="code") for line in cluster.lines]
    code = "".join(f"<TR>{cell(line)}</TR>" for line in lines)
    head = cell(title, _badge(cluster, mark, small, tint)) if mark else cell(title)
    return (
        '<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="2">'
        f"<TR>{head}</TR>{code}</TABLE>>"
    )


def _badge(cluster: Cluster, mark: str, points: int, tint: style.Tint) -> Row:
    if cluster.frame is not Frame.DRIVER:
        return Row(text=f"   {mark}", points=points - 1, colour=tint.text)
    colour = style.MARKS[cluster.mood].stroke
    return Row(text=f"   {mark}", points=points, colour=colour, face="bold")
