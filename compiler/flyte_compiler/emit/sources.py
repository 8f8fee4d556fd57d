"""Where, in a picture, a value comes from: through whatever was folded or merged away.

A value that a loop, map or helper gives comes from a box inside its cluster; whoever draws the
arrow then lets it leave the cluster as a whole. A merged value comes from each path's own box.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import assert_never

from flyte_compiler.emit.cells import Cells
from flyte_compiler.emit.outline import Outline
from flyte_compiler.ir.leaves import HelperNode, PackKind, PackNode, Start, TaskNode, TraceNode
from flyte_compiler.ir.model import (
    BranchNode,
    Break,
    Continue,
    End,
    LoopNode,
    MapNode,
    Node,
    Region,
    Return,
    TryNode,
    WithNode,
    Yield,
)
from flyte_compiler.ir.operands import element_names, named_operands
from flyte_compiler.ir.values import (
    CAUGHT,
    ELEMENT,
    ENTERED,
    VALUE,
    Input,
    Literal,
    NodeId,
    Operand,
    Output,
    RegionInput,
    Shared,
    Unbound,
)
from flyte_compiler.ir.walk import all_nodes, nodes_in, regions_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One box from which a value comes."""

    box: str
    tail: str | None = None
    """The cluster that it leaves as a whole."""
    head: str | None = None
    """The cluster that it enters as a whole."""
    is_deferred: bool = False
    is_again: bool = False
    """It is the value of the turn before."""


@dataclass(kw_only=True)
class Sources:
    """Answers for one outline, each remembered."""

    outline: Outline
    nodes: Mapping[NodeId, Node] = field(init=False)
    _known: dict[Operand, tuple[Source, ...]] = field(default_factory=dict)
    _open: set[Operand] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.nodes = {node.id: node for node in all_nodes(self.outline.graph)}
        self._held = Cells(self.outline.graph)

    def of(self, operand: Operand, user: NodeId | None = None) -> tuple[Source, ...]:
        """The boxes that a value comes from; none for a constant. `user` is who takes it."""
        if isinstance(operand, Shared):
            return self._of_shared(operand, user)
        if operand in self._known:
            return self._known[operand]
        if operand in self._open:
            return ()
        self._open.add(operand)
        found = tuple(dict.fromkeys(self._of(operand)))
        self._open.discard(operand)
        if not self._open:
            # Inside a loop an answer may lack what is being asked for further out.
            self._known[operand] = found
        return found

    def _of(self, operand: Operand) -> Iterable[Source]:
        match operand:
            case Literal() | Unbound() | Shared():
                return ()
            case Input(name=name):
                return self._parameter(None, name)
            case RegionInput(owner=owner, name=name):
                return self._of_entered(owner, name)
            case Output(node=node, path=path):
                return self._of_output(self.nodes[node], path)
            case _:
                assert_never(operand)

    def _all(self, operands: Iterable[Operand]) -> Iterator[Source]:
        for operand in operands:
            yield from self.of(operand)

    def _parameter(self, owner: NodeId | None, name: str) -> Iterator[Source]:
        box = self.outline.parameters.get((owner, name))
        if box is not None:
            yield Source(box=box)

    def _of_entered(self, owner: NodeId, name: str) -> Iterable[Source]:
        if owner not in self.nodes:
            return self._of_argument(owner, name)
        node = self.nodes[owner]
        match node:
            case LoopNode():
                return self._of_turn(node, name)
            case MapNode(iterables=iterables):
                names = element_names(len(iterables))
                return self._into(owner, self.of(iterables[names.index(name)]))
            case WithNode(manager=manager) if name == ENTERED:
                return self.of(manager)
            case TryNode(body=body) if name != CAUGHT:
                return self._all(_ended(body, name))
            case _:
                return ()

    def _of_argument(self, helper: NodeId, name: str) -> Iterable[Source]:
        call = self.outline.inlined.get(helper)
        if call is None:
            return self._parameter(helper, name)
        return self._all(operand for taken, operand in call.inputs if taken == name)

    def _of_turn(self, node: LoopNode, name: str) -> Iterator[Source]:
        if name == ELEMENT:
            if node.iterable is not None:
                yield from self._into(node.id, self.of(node.iterable))
            return
        yield from self._all(value for key, value in node.carried if key == name)
        for source in self._all(_turned(node, name)):
            yield replace(source, is_again=True)

    def _into(self, owner: NodeId, sources: Iterable[Source]) -> Iterator[Source]:
        cluster = self.outline.clusters.get(owner)
        return (replace(source, head=cluster or source.head) for source in sources)

    def _out_of(self, owner: NodeId, sources: Iterable[Source]) -> Iterator[Source]:
        cluster = self.outline.clusters.get(owner)
        return (replace(source, tail=cluster or source.tail, is_again=False) for source in sources)

    def _of_output(self, node: Node, path: Sequence[str | int]) -> Iterable[Source]:
        name = str(path[0]) if path else VALUE
        match node:
            case BranchNode(arms=arms):
                yielded = tuple(v for arm in arms for v in _ended(arm.body, name))
                found = tuple(self._all(yielded))
                box = self.outline.boxes.get(node.id)
                if box is not None and any(isinstance(value, Literal) for value in yielded):
                    found = (*found, Source(box=box))
                return found if box is not None else (*found, *self.of(node.test))
            case LoopNode():
                given = (*_turned(node, name), *_ended_or_none(node.orelse, name))
                found = tuple(self._out_of(node.id, self._all(given)))
                return found or self._all(v for key, v in node.carried if key == name)
            case MapNode(body=body):
                sources = self._all(_ended(body, name))
                return self._out_of(node.id, (replace(s, is_deferred=False) for s in sources))
            case TryNode():
                return self._of_try(node, name)
            case WithNode(body=body, otherwise=otherwise):
                swallowed = (value for key, value in otherwise if key == name)
                return self._all((*_ended(body, name), *swallowed))
            case HelperNode(helper=helper) if helper in self.outline.inlined:
                body = self.outline.maker.helpers[helper].body
                return self._out_of(node.id, self._all(_returned(body)))
            case _:
                return self._of_leaf(node)

    def _of_try(self, node: TryNode, name: str) -> Iterator[Source]:
        yield from self._all(_ended(node.orelse or node.body, name))
        for place, handler in enumerate(node.handlers):
            values = _ended(handler.body, name)
            found = tuple(self._all(values))
            yield from found
            if values and not found and not self.outline.has_boxes(handler.body):
                yield Source(box=self.outline.id(f"{node.id}_handler{place}"))

    def _of_leaf(self, node: Node) -> Iterable[Source]:
        box = self.outline.boxes.get(node.id)
        if box is None:
            return self._all(operand for _, operand in named_operands(node))
        return (Source(box=box, is_deferred=_is_deferred(node)),)

    def _of_shared(self, cell: Shared, user: NodeId | None) -> tuple[Source, ...]:
        before = self._held.before(cell, user)
        boxes = [self.outline.boxes[node] for node in before if node in self.outline.boxes]
        return (Source(box=boxes[-1]),) if boxes else ()


def _is_deferred(node: Node) -> bool:
    match node:
        case TaskNode(start=Start.DEFERRED) | TraceNode(start=Start.DEFERRED):
            return True
        case HelperNode(start=Start.DEFERRED):
            return True
        case PackNode(kind=PackKind.GATHER, start=Start.DEFERRED):
            return True
        case _:
            return False


def _ended(region: Region, name: str) -> tuple[Operand, ...]:
    """What a region yields under a name; where it yields a value only, that."""
    if not isinstance(region.end, Yield):
        return ()
    named = tuple(value for key, value in region.end.variables if key == name)
    if name == VALUE and region.end.value is not None:
        return (region.end.value,)
    return named


def _ended_or_none(region: Region | None, name: str) -> tuple[Operand, ...]:
    return () if region is None else _ended(region, name)


def _turned(loop: LoopNode, name: str) -> tuple[Operand, ...]:
    """What the turns of a loop leave under a name, wherever they end."""
    found: list[Operand] = []
    for end in _turn_ends(loop.body):
        if isinstance(end, Yield) and name == VALUE:
            found.extend(() if end.value is None else (end.value,))
        elif isinstance(end, Yield | Continue | Break):
            found.extend(value for key, value in end.variables if key == name)
    return tuple(dict.fromkeys(found))


def _turn_ends(region: Region, *, is_turn: bool = True) -> Iterator[End]:
    if is_turn or not isinstance(region.end, Yield):
        yield region.end
    for node in region.nodes:
        if not isinstance(node, LoopNode):
            for inner in regions_of(node):
                yield from _turn_ends(inner, is_turn=False)


def _returned(region: Region) -> Iterator[Operand]:
    for each in (region, *(inner for node in nodes_in(region) for inner in regions_of(node))):
        if isinstance(each.end, Return):
            yield each.end.value
