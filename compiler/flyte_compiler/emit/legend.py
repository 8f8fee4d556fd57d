"""The legend under a picture: the environments' colours, and what its signs mean."""

from __future__ import annotations

from collections.abc import Iterator

from flyte_compiler.emit import style
from flyte_compiler.emit.label import Row, cell
from flyte_compiler.emit.scene import Bond, Role, Scene, boxes_in


def legend(scene: Scene) -> dict[str, str]:
    """The attributes of the whole picture that show it; none where there is nothing to say."""
    cells = [*_environments(scene), *_signs(scene)]
    if not cells:
        return {}
    table = "".join(cells)
    return {
        "label": f'<<TABLE BORDER="0" CELLSPACING="8" CELLPADDING="3"><TR>{table}</TR></TABLE>>',
        "labelloc": "b",
        "labeljust": "c",
    }


def signs(scene: Scene) -> tuple[str, ...]:
    """What each sign in use means."""
    boxes = [box for cluster in scene.clusters for box in boxes_in(cluster.figures)]
    roles = {box.role for box in boxes}
    bonds = {arrow.bond for arrow in scene.arrows}
    meanings = {
        "dotted: opens that cluster": Bond.OPENS in bonds,
        "circle: begun, awaited later": Bond.DEFERRED in bonds,
        "dashed back: the next turn": Bond.AGAIN in bonds,
        "pale dashes: order only": Bond.ORDER in bonds,
        "double border: a driver shown here": Role.DRIVER in roles,
        "stacked: once for each": any(box.is_stack for box in boxes),
        "folded corner: trace": Role.TRACE in roles,
        "dashed box: decided at run time": Role.DYNAMIC in roles,
    }
    return tuple(text for text, used in meanings.items() if used)


def _environments(scene: Scene) -> Iterator[str]:
    for name in scene.environments:
        tint = style.environment_tint(scene.environments, name) or style.INK
        box = f' BORDER="1" STYLE="rounded" COLOR="{tint.stroke}" BGCOLOR="{tint.fill}"'
        row = Row(text=f" {name} ", points=10, colour=tint.text)
        yield cell(row, align="CENTER", attributes=box)


def _signs(scene: Scene) -> Iterator[str]:
    for text in signs(scene):
        yield cell(Row(text=text, points=9, colour="#64748b"))
