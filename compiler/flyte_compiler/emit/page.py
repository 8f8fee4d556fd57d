"""A scene as one page that needs nothing else: `html/` holds its script, its looks, its frame.

The page carries the document of `document.py` with each node's own lines of source and, where
they are known, the digests of what is called. The script lays it out and draws it.
"""

from __future__ import annotations

import html
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path

from flyte_compiler.emit import style
from flyte_compiler.emit.compose import compose
from flyte_compiler.emit.document import Json, document
from flyte_compiler.emit.label import plain
from flyte_compiler.emit.legend import signs
from flyte_compiler.emit.scene import Box, Role, Scene, boxes_in
from flyte_compiler.ir.model import TaskGraph
from flyte_compiler.source.text import SourceFile

OPEN = 150
"""The most boxes that a page shows when it is opened: regions beyond are closed."""
LINES = 40
"""Lines of source beside a node."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What a page can tell beside the graphs."""

    sources: Mapping[Path, SourceFile] = field(default_factory=dict)
    """By the paths in spans; a node of another file shows no source."""
    digests: Mapping[str, str] = field(default_factory=dict)
    """Of code, by `module:function`."""


def to_html(graphs: Sequence[TaskGraph], material: Material | None = None) -> str:
    """The page of `graphs`: the same graphs and material, the same text."""
    scene = compose(graphs)
    known = material or Material()
    title = ", ".join(cluster.title for cluster in scene.clusters[:3]) or "no driver"
    parts = {
        "@title@": html.escape(plain(title)),
        "@style@": _file("viewer.css"),
        "@document@": _script_json(_contents(scene, known)),
        "@layout@": _file("layout.js"),
        "@viewer@": _file("viewer.js"),
    }
    page = _file("page.html")
    head, *tail = page.split("\n")
    return "\n".join([head, *(_filled(line, parts) for line in tail)])


def _filled(line: str, parts: Mapping[str, str]) -> str:
    """A line of the frame; a part is put in once, and never read again."""
    for mark, text in parts.items():
        before, found, after = line.partition(mark)
        if found:
            return f"{before}{text}{after}"
    return line


def _contents(scene: Scene, material: Material) -> dict[str, Json]:
    boxes = {box.id: box for cluster in scene.clusters for box in boxes_in(cluster.figures)}
    return {
        **document(scene),
        "open": OPEN,
        "signs": list(signs(scene)),
        "roles": {
            role.value: {"fill": tint.fill, "stroke": tint.stroke, "text": tint.text}
            for role, tint in style.TINTS.items()
            if any(box.role is role for box in boxes.values()) or role is Role.COLLAPSED
        },
        "colours": [
            {"fill": tint.fill, "stroke": tint.stroke, "text": tint.text}
            for tint in (style.environment_tint(scene.environments, e) for e in scene.environments)
            if tint is not None
        ],
        "sources": {
            id_: shown
            for id_, box in boxes.items()
            if (shown := _source(box, material)) is not None
        },
        "digests": {
            id_: material.digests[box.callee]
            for id_, box in boxes.items()
            if box.callee is not None and box.callee in material.digests
        },
    }


def _source(box: Box, material: Material) -> str | None:
    if box.span is None or box.span.path not in material.sources:
        return None
    source = material.sources[box.span.path]
    first, last = box.span.start.line, box.span.end.line
    shown = [source.line(number) for number in range(first, min(last, first + LINES - 1) + 1)]
    return plain_lines([*shown, "…"] if last - first >= LINES else shown)


def plain_lines(lines: Sequence[str]) -> str:
    """Lines of source, each without what can't be shown; tabs as spaces."""
    return "\n".join(plain(line.expandtabs(4)) for line in lines)


def _script_json(contents: dict[str, Json]) -> str:
    """JSON that ends no script and starts no comment."""
    text = json.dumps(contents, ensure_ascii=False, separators=(",", ":"))
    escapes = {
        "<": "\\u003c",
        ">": "\\u003e",
        "&": "\\u0026",
        "\u2028": "\\u2028",
        "\u2029": "\\u2029",
    }
    for character, escape in escapes.items():
        text = text.replace(character, escape)
    return text


def _file(name: str) -> str:
    return resources.files("flyte_compiler.emit").joinpath("html", name).read_text(encoding="utf-8")
