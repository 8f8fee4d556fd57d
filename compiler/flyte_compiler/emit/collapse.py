"""Collapse a scene that is too large to be read, or to be laid out in seconds.

Innermost regions go first, the largest among equals; then drivers, but the first; then stretches
of bodies that are long by themselves. What is collapsed is one box that says its title and how
many calls are in it. Arrows go to the box; what runs inside it is not shown.

The layout engine's cost grows with what crosses: tangled graphs with regions took 0.2 seconds
for 100 boxes, 2 for 300, 6 for 400 and 52 for 600.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from flyte_compiler.emit.scene import (
    Arrow,
    Bond,
    Box,
    Cluster,
    Figure,
    Frame,
    Role,
    Scene,
    boxes_in,
)

LIMIT = 300
"""The most boxes that are drawn as they are."""
ROOM = 120
"""What a larger scene is brought down to."""
LEAST = 12
"""The fewest boxes that are ever asked for."""
TANGLE = 3
"""Arrows for each box, above which a scene is tangled."""
CALLS = frozenset({Role.TASK, Role.DRIVER, Role.TRACE, Role.HELPER})
ENDS = frozenset({Role.PARAMETER, Role.RESULT})
LABELS = 2
"""The most types that an arrow still names when others join it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Collapsed:
    """A scene of fewer boxes, and what to say about it."""

    scene: Scene
    notes: tuple[str, ...]
    """For the user; none where nothing was collapsed."""


def collapse(scene: Scene, *, limit: int = LIMIT, room: int = ROOM) -> Collapsed:
    """A scene of more than `limit` boxes, brought down to about `room`."""
    before = _count(scene.clusters)
    if before <= limit and len(scene.arrows) <= limit * TANGLE:
        return Collapsed(scene=scene, notes=())
    made = _collapsed(scene, before, room)
    # Few boxes may still have an arrow each to every other: then fewer have to do.
    most = room * TANGLE
    while len(made.scene.arrows) > most and room > LEAST:
        room //= 2
        made = _collapsed(scene, before, room)
    return made


def _collapsed(scene: Scene, before: int, room: int) -> Collapsed:
    folder = _Folder(room=room)
    folder.left = before
    folder.regions(scene.clusters)
    folder.drivers(scene.clusters)
    clusters = tuple(folder.rebuilt(cluster) for cluster in scene.clusters)
    # A driver's own id names its cluster, which stays.
    folder.homes.update({c.id: f"{c.id}_all" for c in clusters if isinstance(c, Box)})
    made = replace(
        scene,
        clusters=tuple(_driver(cluster) for cluster in clusters),
        arrows=tuple(_arrows(scene.arrows, folder.homes, folder.closed)),
    )
    return Collapsed(scene=made, notes=(folder.note(before, _count(made.clusters)),))


def counts(figures: Sequence[Figure]) -> str:
    """How much is inside, in words."""
    calls = sum(box.role in CALLS for box in boxes_in(figures))
    if calls:
        return f"{calls} call" + ("s" if calls > 1 else "")
    boxes = _count(figures)
    return f"{boxes} node" + ("s" if boxes > 1 else "")


@dataclass(kw_only=True)
class _Folder:
    """Chooses what to collapse, and remembers where its boxes went."""

    room: int
    left: int = 0
    closed: set[str] = field(default_factory=set)
    homes: dict[str, str] = field(default_factory=dict)
    """The box that stands for each box that isn't drawn."""
    kinds: list[str] = field(default_factory=list)

    def regions(self, clusters: Sequence[Cluster]) -> None:
        """Close regions from the inside, until there is room."""
        sizes: dict[str, int] = {}
        found = sorted(_nested(clusters, 0), key=lambda pair: (-pair[0], -_count(pair[1].figures)))
        for _, cluster in found:
            if self.left <= self.room:
                return
            size = _visible(cluster, self.closed, sizes)
            if size > 1:
                self._close(cluster, size, sizes, "region")

    def drivers(self, clusters: Sequence[Cluster]) -> None:
        """Close drivers, the largest first and never the first of all."""
        sizes: dict[str, int] = {}
        for cluster in sorted(clusters[1:], key=lambda c: -_visible(c, self.closed, sizes)):
            size = _visible(cluster, self.closed, sizes)
            if self.left > self.room and size > 1:
                self._close(cluster, size, sizes, "driver")

    def _close(self, cluster: Cluster, size: int, sizes: dict[str, int], kind: str) -> None:
        self.closed.add(cluster.id)
        self.left -= size - 1
        self.kinds.append(kind)
        sizes.clear()

    def rebuilt(self, cluster: Cluster) -> Figure:
        """A cluster with its closed ones as boxes."""
        if cluster.id in self.closed:
            self.homes.update({box.id: cluster.id for box in boxes_in(cluster.figures)})
            return _closed(cluster)
        figures = tuple(
            self.rebuilt(figure) if isinstance(figure, Cluster) else figure
            for figure in cluster.figures
        )
        made = replace(cluster, figures=figures)
        return self._parted(made) if self.left > self.room else made

    def _parted(self, cluster: Cluster) -> Cluster:
        """Stretches of a long body, each a box."""
        inner = [figure for figure in cluster.figures if not _is_end(figure)]
        wanted = max(2, self.room * 2 // 3)
        if len(inner) <= wanted:
            return cluster
        size = -(-len(inner) // wanted)
        parts: list[Figure] = []
        for start in range(0, len(inner), size):
            stretch = inner[start : start + size]
            if len(stretch) == 1:
                parts.append(stretch[0])
                continue
            id_ = f"{cluster.id}_part{start // size}"
            self.homes.update({box.id: id_ for box in boxes_in(stretch)})
            self.closed.update(figure.id for figure in stretch if isinstance(figure, Cluster))
            self.kinds.append("stretch")
            parts.append(_stretch(id_, stretch))
        entering = [
            figure for figure in cluster.figures if _is_end(figure) and not _is_result(figure)
        ]
        leaving = [figure for figure in cluster.figures if _is_result(figure)]
        return replace(cluster, figures=(*entering, *parts, *leaving))

    def note(self, before: int, after: int) -> str:
        """What was collapsed, for standard error."""
        parts = [
            f"{number} {word if number == 1 else many}"
            for word, many in (
                ("region", "regions"),
                ("driver", "drivers"),
                ("stretch", "stretches"),
            )
            if (number := self.kinds.count(word))
        ]
        told = " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1] if parts else "")))
        return (
            f"{before:,} nodes are too many for one picture: {told} collapsed, {after:,} drawn; "
            "an `.html` picture opens them"
        )


def _nested(figures: Sequence[Figure], depth: int) -> Iterator[tuple[int, Cluster]]:
    """Every cluster but the outermost, with its depth."""
    for figure in figures:
        if isinstance(figure, Cluster):
            if depth:
                yield depth, figure
            yield from _nested(figure.figures, depth + 1)


def _visible(cluster: Cluster, closed: set[str], sizes: dict[str, int]) -> int:
    """How many boxes a cluster shows now."""
    if cluster.id in closed:
        return 1
    if cluster.id not in sizes:
        sizes[cluster.id] = sum(
            _visible(figure, closed, sizes) if isinstance(figure, Cluster) else 1
            for figure in cluster.figures
        )
    return sizes[cluster.id]


def _closed(cluster: Cluster) -> Box:
    return Box(
        id=cluster.id,
        role=Role.COLLAPSED,
        title=cluster.title,
        notes=(counts(cluster.figures),),
        hint=f"collapsed: {cluster.title}",
        environment=cluster.environment,
        is_stack=cluster.frame is Frame.MAP,
        span=cluster.span,
    )


def _stretch(id_: str, figures: Sequence[Figure]) -> Box:
    titles = [box.title for box in boxes_in(figures) if box.title]
    title = f"{titles[0]} … {titles[-1]}" if titles else "…"
    return Box(
        id=id_,
        role=Role.COLLAPSED,
        title=titles[0] if titles and len(set(titles)) == 1 else title,
        notes=(counts(figures),),
        hint=f"collapsed: {title}",
    )


def _driver(figure: Figure) -> Cluster:
    """A driver that became one box keeps a cluster around it, without its signature."""
    if isinstance(figure, Cluster):
        return figure
    inner = replace(figure, id=f"{figure.id}_all", title="…", environment=None)
    return Cluster(
        id=figure.id,
        frame=Frame.DRIVER,
        title=figure.title,
        environment=figure.environment,
        span=figure.span,
        figures=(inner,),
    )


def _arrows(arrows: Sequence[Arrow], homes: Mapping[str, str], closed: set[str]) -> Iterator[Arrow]:
    """The arrows between what is still drawn, each once."""
    joined: dict[tuple[str, str, Bond, str | None, str | None], dict[str, None]] = {}
    for arrow in arrows:
        source, target = _home(arrow.source, homes), _home(arrow.target, homes)
        if source == target and arrow.source != arrow.target:
            continue
        tail = None if arrow.tail in closed else arrow.tail
        head = None if arrow.head in closed else arrow.head
        labels = joined.setdefault((source, target, arrow.bond, tail, head), {})
        labels.update(dict.fromkeys(arrow.lines))
    for (source, target, bond, tail, head), labels in joined.items():
        lines = tuple(labels)
        if len(lines) > LABELS:
            lines = (*lines[:LABELS], "…")
        yield Arrow(source=source, target=target, bond=bond, lines=lines, tail=tail, head=head)


def _home(box: str, homes: Mapping[str, str]) -> str:
    """What stands for a box: what is collapsed may be inside what is collapsed later."""
    while box in homes:
        box = homes[box]
    return box


def _is_end(figure: Figure) -> bool:
    return isinstance(figure, Box) and figure.role in ENDS


def _is_result(figure: Figure) -> bool:
    return isinstance(figure, Box) and figure.role is Role.RESULT


def _count(figures: Sequence[Figure]) -> int:
    return sum(1 for _ in boxes_in(figures))
