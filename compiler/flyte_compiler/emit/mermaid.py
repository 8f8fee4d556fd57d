"""A scene as Mermaid text, for Markdown pages that draw it themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import assert_never

from flyte_compiler.emit import style
from flyte_compiler.emit.compose import compose
from flyte_compiler.emit.scene import (
    Arrow,
    Bond,
    Box,
    Cluster,
    Frame,
    Role,
    Scene,
    boxes_in,
    clusters_in,
)
from flyte_compiler.ir.model import TaskGraph

_PILL = ("([", "])")
BRACKETS: Mapping[Role, tuple[str, str]] = {
    Role.PARAMETER: _PILL,
    Role.RESULT: _PILL,
    Role.LEAVE: _PILL,
    Role.RAISE: ("[", "]"),
    Role.TASK: ("(", ")"),
    Role.DRIVER: ("[[", "]]"),
    Role.TRACE: (">", "]"),
    Role.HELPER: ("[[", "]]"),
    Role.FUNCTION: _PILL,
    Role.PYTHON: ("[", "]"),
    Role.PACK: ("{{", "}}"),
    Role.GATHER: ("{{", "}}"),
    Role.DECISION: ("{", "}"),
    Role.HANDLER: _PILL,
    Role.DYNAMIC: ("[", "]"),
    Role.COLLAPSED: ("[[", "]]"),
}
LINES: Mapping[Bond, str] = {
    Bond.VALUE: "-->",
    Bond.DEFERRED: "o-->",
    Bond.AGAIN: "-.->",
    Bond.ORDER: "-.->",
    Bond.CHOICE: "==>",
    Bond.CAUGHT: "-.->",
    Bond.OPENS: "-.->",
}
EXTRA: Mapping[Role, str] = {
    Role.PYTHON: "font-family:monospace",
    Role.DYNAMIC: "stroke-dasharray:5 4",
    Role.HANDLER: "stroke-dasharray:5 4",
}

# Mermaid's own entities: `#` introduces one, `;` ends a statement, a backtick starts Markdown.
_ENTITIES = str.maketrans(
    {c: f"#{ord(c)};" for c in "#;&<>\"'`[]{}()|\\*_~@$"} | {"\t": " ", "\r": " "}
)


def to_mermaid(graphs: Sequence[TaskGraph]) -> str:
    """The picture of `graphs` as a Mermaid flowchart: the same graphs, the same text."""
    return scene_to_mermaid(compose(graphs))


def scene_to_mermaid(scene: Scene) -> str:
    """Nested subgraphs, then every arrow, the legend and the colours."""
    lines = ["flowchart TD"]
    for cluster in scene.clusters:
        lines.extend(_cluster(cluster, "  "))
    lines.extend(f"  {_arrow(arrow)}" for arrow in scene.arrows)
    lines.extend(_legend(scene))
    lines.extend(_colours(scene))
    return "\n".join(lines) + "\n"


def _cluster(cluster: Cluster, indent: str) -> Iterator[str]:
    title = f"<b>{_text([cluster.title])}</b>"
    head = f"{title} {_text([cluster.mark])}" if cluster.mark else title
    yield f'{indent}subgraph {cluster.id}["{"<br/>".join([head, *map(_line, cluster.lines)])}"]'
    for figure in cluster.figures:
        match figure:
            case Box():
                opening, closing = BRACKETS[figure.role]
                yield f'{indent}  {figure.id}{opening}"{_box_text(figure)}"{closing}'
            case Cluster():
                yield from _cluster(figure, f"{indent}  ")
            case _:
                assert_never(figure)
    yield f"{indent}end"


def _legend(scene: Scene) -> Iterable[str]:
    """A box for each environment, in its colour."""
    if not scene.environments:
        return
    yield '  subgraph environments["environments"]'
    for place, name in enumerate(scene.environments):
        yield f'    environment{place}("{_text([name])}")'
    yield "  end"


def _box_text(box: Box) -> str:
    title = f"<b>{_text([box.title])}</b>" if box.title else ""
    return "<br/>".join(part for part in (title, _text((*box.lines, *box.notes))) if part) or " "


def _arrow(arrow: Arrow) -> str:
    label = f'|"{_text(arrow.lines)}"|' if arrow.lines else ""
    return f"{arrow.tail or arrow.source} {LINES[arrow.bond]}{label} {arrow.head or arrow.target}"


def _line(line: str) -> str:
    return _text([line])


def _text(lines: Sequence[str], joint: str = "<br/>") -> str:
    return joint.join(
        "<br/>".join(part.translate(_ENTITIES) for part in line.splitlines()) for line in lines
    )


def _colours(scene: Scene) -> Iterable[str]:
    """A class for each look in use, with the boxes that wear it."""
    wearers: dict[str, list[str]] = {}
    for place, name in enumerate(scene.environments):
        look = _look(style.environment_tint(scene.environments, name) or style.INK)
        wearers.setdefault(look, []).append(f"environment{place}")
    for box in boxes_in(scene.clusters):
        tint = style.environment_tint(scene.environments, box.environment)
        look = _look(tint or style.TINTS[box.role], EXTRA.get(box.role))
        wearers.setdefault(look, []).append(box.id)
    for cluster in clusters_in(scene.clusters):
        if cluster.frame is not Frame.DRIVER:
            frame = style.FRAMES[cluster.frame]
            extra = "stroke-dasharray:5 4" if "dashed" in frame.style else None
            wearers.setdefault(_look(frame.tint, extra), []).append(cluster.id)
    for place, (look, boxes) in enumerate(wearers.items()):
        yield f"  classDef look{place} {look}"
        yield f"  class {','.join(boxes)} look{place}"


def _look(tint: style.Tint, extra: str | None = None) -> str:
    look = f"fill:{tint.fill},stroke:{tint.stroke},color:{tint.text}"
    return look if extra is None else f"{look},{extra}"
