"""A scene as JSON: what `--graph FILE.json` writes, and what an `.html` picture is made of.

```
{"version": 1,
 "environments": [NAME],
 "regions": [{"id", "kind", "title", "lines": [TEXT], "mark", "parent": ID|null,
              "environment": NAME|null, "span": SPAN|null}],
 "nodes":   [{"id", "kind", "title", "lines": [TEXT], "notes": [TEXT], "region": ID,
              "environment": NAME|null, "callee": "MODULE:FUNCTION"|null, "many": bool,
              "inputs": [{"name", "type": TEXT|null}], "type": TEXT|null, "span": SPAN|null}],
 "edges":   [{"source": ID, "target": ID, "kind", "labels": [TEXT],
              "from": ID|null, "to": ID|null}]}
SPAN = {"file", "line", "column", "end_line", "end_column"}
```

`kind`s are the values of `Role`, `Frame` and `Bond`. Regions come each before those inside it,
nodes in program order. An edge's `from` and `to` are regions that it leaves or enters as a whole;
its labels are types, or where a decision goes. Lines and columns start at 1, ends are exclusive.
Keys may be added; none changes its meaning within a version.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TypeAlias, assert_never

from flyte_compiler.emit.compose import compose
from flyte_compiler.emit.label import plain
from flyte_compiler.emit.scene import Arrow, Box, Cluster, Figure, Scene
from flyte_compiler.ir.model import TaskGraph
from flyte_compiler.source.span import Span

Json: TypeAlias = "bool | int | str | list[Json] | dict[str, Json] | None"
VERSION = 1


def to_json(graphs: Sequence[TaskGraph]) -> str:
    """The document of `graphs`: the same graphs, the same text."""
    return json.dumps(document(compose(graphs)), ensure_ascii=False, indent=1) + "\n"


def document(scene: Scene) -> dict[str, Json]:
    """A scene, flat: everything refers by id."""
    return {
        "version": VERSION,
        "environments": _texts(scene.environments),
        "regions": list(_regions(scene.clusters, None)),
        "nodes": list(_nodes(scene.clusters, "")),
        "edges": [_edge(arrow) for arrow in scene.arrows],
    }


def _regions(figures: Sequence[Figure], parent: str | None) -> Iterator[Json]:
    for figure in figures:
        if isinstance(figure, Cluster):
            yield {
                "id": figure.id,
                "kind": figure.frame.value,
                "title": plain(figure.title),
                "lines": _texts(figure.lines),
                "mark": figure.mark,
                "parent": parent,
                "environment": _text(figure.environment),
                "span": _span(figure.span),
            }
            yield from _regions(figure.figures, figure.id)


def _nodes(figures: Sequence[Figure], region: str) -> Iterator[Json]:
    for figure in figures:
        match figure:
            case Box():
                yield _node(figure, region)
            case Cluster():
                yield from _nodes(figure.figures, figure.id)
            case _:
                assert_never(figure)


def _node(box: Box, region: str) -> Json:
    return {
        "id": box.id,
        "kind": box.role.value,
        "title": plain(box.title),
        "lines": _texts(box.lines),
        "notes": _texts(box.notes),
        "region": region,
        "environment": _text(box.environment),
        "callee": _text(box.callee),
        "many": box.is_stack,
        "inputs": [{"name": plain(port.name), "type": _text(port.type)} for port in box.inputs],
        "type": _text(box.type),
        "span": _span(box.span),
    }


def _edge(arrow: Arrow) -> Json:
    return {
        "source": arrow.source,
        "target": arrow.target,
        "kind": arrow.bond.value,
        "labels": _texts(arrow.lines),
        "from": arrow.tail,
        "to": arrow.head,
    }


def _span(span: Span | None) -> Json:
    if span is None:
        return None
    return {
        "file": plain(span.path.as_posix()),
        "line": span.start.line,
        "column": span.start.column,
        "end_line": span.end.line,
        "end_column": span.end.column,
    }


def _text(text: str | None) -> str | None:
    return None if text is None else plain(text)


def _texts(texts: Sequence[str]) -> list[Json]:
    return [plain(text) for text in texts]
