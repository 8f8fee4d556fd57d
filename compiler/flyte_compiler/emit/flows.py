"""The arrows of one driver: values with their types, and the order of what no value ties."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from flyte_compiler.emit.inlined import helpers_of
from flyte_compiler.emit.outline import Outline
from flyte_compiler.emit.scene import Arrow, Bond, Box, Cluster, Figure, Frame, Role, boxes_in
from flyte_compiler.emit.sources import Source, Sources
from flyte_compiler.emit.wording import EDGE_LINE, boundary, cut
from flyte_compiler.ir.edges import Edge, edges
from flyte_compiler.ir.model import BranchNode, LoopNode, MapNode, Node, WithNode
from flyte_compiler.ir.operands import RETURN, named_operands
from flyte_compiler.ir.values import NodeId, Operand
from flyte_compiler.ir.walk import all_nodes

ENDS = frozenset({Role.PARAMETER, Role.RESULT, Role.LEAVE, Role.HANDLER})


def arrows_of(outline: Outline, figures: Sequence[Figure]) -> tuple[Arrow, ...]:
    """Every arrow between the boxes of one driver's cluster."""
    inside = dict(_ancestors(figures, ()))
    given = (*_values(outline, inside), *outline.arrows, *_helper_links(outline, inside))
    return (*given, *_order(figures, given, inside))


_Key: TypeAlias = tuple[str, str, Bond, str | None, str | None]
"""Source, target, bond, and the clusters that are left and entered as a whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Need:
    """A value that a box takes."""

    box: str
    operand: Operand
    user: NodeId | None
    label: str | None


def _values(outline: Outline, inside: Mapping[str, tuple[str, ...]]) -> Iterator[Arrow]:
    """One arrow for each pair of boxes and each bond, with every type that flows along it."""
    sources = Sources(outline=outline)
    # What leaves a whole cluster leaves it below its last box: so its target stands below it.
    lasts = {cluster: box for box, around in inside.items() for cluster in around}
    flows: dict[_Key, dict[str, None]] = {}
    for need in _needs(outline, sources):
        for source in sources.of(need.operand, need.user):
            if source.box == need.box and not source.is_again:
                continue
            tail, head = _border(source, need.box, inside)
            start = source.box if tail is None else lasts[tail]
            labels = flows.setdefault((start, need.box, _bond(source), tail, head), {})
            if need.label is not None and not source.is_again:
                labels[need.label] = None
    entered = {(source, head) for source, _, _, _, head in flows}
    for key in _entering(sources, inside):
        if (key[0], key[4]) not in entered:
            flows[key] = {}
    for (source_box, target, bond, tail, head), labels in flows.items():
        yield Arrow(
            source=source_box, target=target, bond=bond, lines=tuple(labels), tail=tail, head=head
        )


def _entering(sources: Sources, inside: Mapping[str, tuple[str, ...]]) -> Iterator[_Key]:
    """What loops go over and context managers are, where nothing inside takes it by itself."""
    entries = _entries(inside)
    for node in sources.nodes.values():
        cluster = sources.outline.clusters.get(node.id)
        for operand in _entered(node) if cluster is not None else ():
            for source in sources.of(operand):
                around = inside[source.box]
                if cluster is not None and cluster not in around:
                    tail = source.tail if source.tail in around else None
                    yield source.box, entries[cluster], _bond(source), tail, cluster


def _entered(node: Node) -> tuple[Operand, ...]:
    match node:
        case WithNode(manager=manager):
            return (manager,)
        case LoopNode(iterable=iterable) if iterable is not None:
            return (iterable,)
        case MapNode(iterables=iterables):
            return iterables
        case _:
            return ()


def _entries(inside: Mapping[str, tuple[str, ...]]) -> Mapping[str, str]:
    """The first box of each cluster."""
    entries: dict[str, str] = {}
    for box, around in inside.items():
        for cluster in around:
            entries.setdefault(cluster, box)
    return entries


def _bond(source: Source) -> Bond:
    if source.is_again:
        return Bond.AGAIN
    return Bond.DEFERRED if source.is_deferred else Bond.VALUE


def _border(
    source: Source, target: str, inside: Mapping[str, tuple[str, ...]]
) -> tuple[str | None, str | None]:
    """The clusters that an arrow leaves and enters as a whole, where it does cross them."""
    left, entered = inside.get(source.box, ()), inside.get(target, ())
    tail = source.tail if source.tail in left and source.tail not in entered else None
    head = source.head if source.head in entered and source.head not in left else None
    return tail, head


def _needs(outline: Outline, sources: Sources) -> Iterator[_Need]:
    labels = {(edge.target, edge.name, edge.source): _label(edge) for edge in edges(outline.graph)}
    for node in sources.nodes.values():
        box = outline.boxes.get(node.id)
        if box is None:
            continue
        for name, operand in named_operands(node):
            is_test = isinstance(node, BranchNode)
            label = None if is_test else labels.get((node.id, name, operand))
            yield _Need(box=box, operand=operand, user=node.id, label=label)
    for ending in outline.endings:
        yield _Need(
            box=ending.box,
            operand=ending.value,
            user=None,
            label=labels.get((ending.body, RETURN, ending.value)),
        )


def _label(edge: Edge) -> str | None:
    label = boundary(edge.provided, edge.expected)
    return None if label is None else cut(label, EDGE_LINE)


def _helper_links(outline: Outline, inside: Mapping[str, tuple[str, ...]]) -> Iterator[Arrow]:
    """From each call of a helper to the cluster that shows it; from inside it, to its start."""
    entries = _entries(inside)
    uses = ((node, helper) for node in all_nodes(outline.graph) for helper in helpers_of(node))
    for node, helper in uses:
        box, cluster = outline.boxes.get(node.id), outline.clusters.get(helper)
        if box is None or cluster is None:
            continue
        is_inside = cluster in inside[box]
        yield Arrow(
            source=box,
            target=entries[cluster],
            bond=Bond.OPENS,
            head=None if is_inside else cluster,
        )


def _ancestors(
    figures: Sequence[Figure], around: tuple[str, ...]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every box with the clusters around it."""
    for figure in figures:
        match figure:
            case Box():
                yield figure.id, around
            case Cluster():
                yield from _ancestors(figure.figures, (*around, figure.id))


def _order(
    figures: Sequence[Figure], given: Sequence[Arrow], inside: Mapping[str, tuple[str, ...]]
) -> Iterator[Arrow]:
    """Tie what no value reaches, or what is there for its effect, to what stands before it."""
    parameters = {box.id for box in boxes_in(figures) if box.role is Role.PARAMETER}
    flowing = [arrow for arrow in given if arrow.bond not in (Bond.OPENS, Bond.AGAIN)]
    made = [arrow for arrow in flowing if arrow.source not in parameters]
    reached = _Reached(
        targets=_ends(((a.target, a.source) for a in made), inside),
        sources=_ends(((a.source, a.target) for a in flowing), inside),
        fed=_ends(((a.target, a.source) for a in flowing), inside),
    )
    yield from _order_in(figures, reached)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reached:
    """Boxes and clusters that an arrow crosses: into them, out of them."""

    targets: Collection[str]
    """Reached by something other than a parameter."""
    sources: Collection[str]
    fed: Collection[str]


def _ends(pairs: Iterable[tuple[str, str]], inside: Mapping[str, tuple[str, ...]]) -> set[str]:
    found: set[str] = set()
    for near, far in pairs:
        outside = (set(inside[near]) | {near}) - set(inside[far])
        found |= outside
    return found


def _order_in(figures: Sequence[Figure], reached: _Reached) -> Iterator[Arrow]:
    shown = [figure for figure in figures if not _stands_apart(figure)]
    for previous, figure in pairwise(shown):
        is_untied = figure.id not in reached.fed and figure.id not in reached.sources
        is_effect = figure.id not in reached.sources and figure.id not in reached.targets
        if (is_untied or is_effect) and not _leaves(previous):
            yield Arrow(
                source=_last(previous),
                target=_first(figure),
                bond=Bond.ORDER,
                tail=previous.id if isinstance(previous, Cluster) else None,
                head=figure.id if isinstance(figure, Cluster) else None,
            )
    for figure in figures:
        if isinstance(figure, Cluster):
            yield from _order_in(figure.figures, reached)


def _stands_apart(figure: Figure) -> bool:
    """Where program order says nothing: parameters, helpers, what an exception leads to."""
    match figure:
        case Box(role=role):
            return role in (Role.PARAMETER, Role.HANDLER)
        case Cluster(frame=frame):
            return frame in (Frame.HELPER, Frame.HANDLER, Frame.ARM)


def _leaves(figure: Figure) -> bool:
    return isinstance(figure, Box) and figure.role in (Role.RESULT, Role.LEAVE, Role.RAISE)


def _first(figure: Figure) -> str:
    return next(boxes_in((figure,))).id


def _last(figure: Figure) -> str:
    return tuple(boxes_in((figure,)))[-1].id
