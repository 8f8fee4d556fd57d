"""One function's own code, or a module's: its calls, and what names mean where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import libcst as cst

from flyte_compiler.callgraph.names import Meaning, Names
from flyte_compiler.syntax.model import FunctionDef, Import, ModuleIndex
from flyte_compiler.syntax.scope import COMPREHENSIONS, Access, Contents
from flyte_compiler.syntax.tree import children, dotted

_NOTHING: frozenset[str] = frozenset()
_SCOPED = frozenset({cst.AnnAssign, cst.FunctionDef, cst.Lambda, cst.ClassDef, *COMPREHENSIONS})
"""Nodes with parts that don't belong to the body around them, or not with the same names."""
_KEPT = frozenset(
    {
        *(cst.Call, cst.AssignTarget, cst.AnnAssign, cst.Return, cst.Yield),
        *(cst.FunctionDef, cst.ClassDef),
    }
)
"""Nodes that a body is asked for."""


class HeldCall(NamedTuple):
    """A call, and the names that the comprehensions and lambdas around it hide."""

    node: cst.Call
    hidden: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One function among those around some code."""

    function: FunctionDef
    contents: Contents
    local: frozenset[str]
    global_: frozenset[str]

    @property
    def prefix(self) -> str:
        """What stands before the qualified names of its own functions."""
        return f"{self.function.name}.<locals>."


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Body:
    """Code that runs when one function does, or when the module is loaded."""

    index: ModuleIndex
    function: FunctionDef | None
    """None for the module's own code."""
    frames: tuple[Frame, ...]
    """The function's frame and those of the functions around it, innermost first."""
    calls: tuple[HeldCall, ...]
    stores: tuple[cst.Attribute | cst.Subscript, ...] = field(repr=False)
    """What is assigned to that is no name: `self.step`, `table["x"]`."""
    classes: tuple[cst.ClassDef, ...] = field(repr=False)
    inner_names: frozenset[str] = field(repr=False)
    """The names that comprehensions, lambdas and classes in it bind for themselves."""
    results: tuple[cst.Return | cst.Yield, ...] = field(repr=False)
    """Where values leave the function."""
    parents: dict[int, cst.CSTNode] = field(repr=False)
    """The node above each node of the body, by identity; above the name of a function or a class,
    its definition."""

    def meaning(self, names: Names, parts: Sequence[str], hidden: frozenset[str]) -> Meaning:
        """What a dotted name means at a place in this code."""
        if parts[0] in hidden:
            return None
        for frame in self.frames:
            if parts[0] in frame.global_:
                break
            if parts[0] in frame.local:
                return self._local_meaning(names, parts, frame)
        return names.meaning(self.index.module, parts)

    def _local_meaning(self, names: Names, parts: Sequence[str], frame: Frame) -> Meaning:
        writes = [
            mention
            for mention in frame.contents.mentions
            if mention.name == parts[0] and mention.access is not Access.READ
        ]
        if len(writes) != 1:
            return None
        if (member := names.member(self.index.module, parts, prefix=frame.prefix)) is not None:
            return member
        for found in self.index.imports:
            if found.local == parts[0] and _stands_in(found, frame.function):
                return names.imported(found, parts[1:])
        return None


def frame_of(index: ModuleIndex, function: FunctionDef) -> Frame:
    """A function's own frame."""
    contents = index.contents_of(function.tree)
    return Frame(
        function=function,
        contents=contents,
        local=contents.local,
        global_=contents.names(Access.GLOBAL),
    )


def body_of(index: ModuleIndex, function: FunctionDef | None, frames: tuple[Frame, ...]) -> Body:
    """Walk the code of one function, or of a module; functions inside have bodies of their own."""
    walk = _Walk()
    walk.run(index, index.tree.body if function is None else [function.tree.body])
    walk.calls.sort(key=lambda held: index.positions.offsets(held.node))
    return Body(
        index=index,
        function=function,
        frames=frames,
        calls=tuple(walk.calls),
        stores=tuple(walk.stores),
        classes=tuple(walk.classes),
        inner_names=frozenset(walk.inner_names),
        results=tuple(walk.results),
        parents=walk.parents,
    )


class _Walk:
    """One pass over one body."""

    def __init__(self) -> None:
        self.calls: list[HeldCall] = []
        self.stores: list[cst.Attribute | cst.Subscript] = []
        self.classes: list[cst.ClassDef] = []
        self.inner_names: set[str] = set()
        self.results: list[cst.Return | cst.Yield] = []
        self.parents: dict[int, cst.CSTNode] = {}

    def run(self, index: ModuleIndex, roots: Sequence[cst.CSTNode]) -> None:
        stack: list[tuple[cst.CSTNode, frozenset[str]]] = [(root, _NOTHING) for root in roots]
        while stack:
            node, hidden = stack.pop()
            if type(node) in _KEPT:
                self._keep(node, hidden)
            if type(node) in _SCOPED:
                below = list(_in_scope(node, hidden, index))
                self.inner_names.update(*(names for _, names in below))
            else:
                below = [(child, hidden) for child in children(node)]
            stack.extend(below)
            for child, _ in below:
                self.parents[id(child)] = node

    def _keep(self, node: cst.CSTNode, hidden: frozenset[str]) -> None:
        match node:
            case cst.Call():
                self.calls.append(HeldCall(node, hidden))
            case cst.AssignTarget() | cst.AnnAssign():
                self._stored(node.target)
            case cst.Return() | cst.Yield():
                self.results.append(node)
            case cst.FunctionDef():
                self.parents[id(node.name)] = node
            case cst.ClassDef():
                self.parents[id(node.name)] = node
                self.classes.append(node)
            case _:
                pass

    def _stored(self, target: cst.CSTNode) -> None:
        match target:
            case cst.Attribute() | cst.Subscript():
                self.stores.append(target)
            case cst.Tuple() | cst.List():
                for element in target.elements:
                    self._stored(element.value)
            case _:
                pass


def _in_scope(
    node: cst.CSTNode, hidden: frozenset[str], index: ModuleIndex
) -> Iterator[tuple[cst.CSTNode, frozenset[str]]]:
    """The children that belong to the body around a node, with the names hidden there."""
    match node:
        case cst.AnnAssign(target=target, value=value):  # an annotation calls nothing
            yield from ((child, hidden) for child in (target, value) if child is not None)
        case cst.FunctionDef():
            yield from ((child, hidden) for child in (*node.decorators, node.params))
        case cst.Lambda():
            yield node.params, hidden
            yield node.body, hidden | index.contents_of(node).local
        case cst.ClassDef():
            for child in (*node.decorators, *node.bases, *node.keywords):
                yield child, hidden
            yield node.body, hidden | index.contents_of(node).local
        case _:
            own = hidden | index.contents_of(node).names(Access.WRITE)
            yield from ((child, own) for child in children(node))


def name_parts(expression: cst.CSTNode) -> tuple[str, ...] | None:
    """The parts of a dotted name; None for anything else."""
    name = dotted(expression)
    return None if name is None else tuple(name.split("."))


def _stands_in(found: Import, function: FunctionDef) -> bool:
    outer = function.span
    return outer.start <= found.span.start and found.span.end <= outer.end
