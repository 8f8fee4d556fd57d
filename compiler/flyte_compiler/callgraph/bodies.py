"""One function's own code, or a module's: its calls, and what names mean where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import libcst as cst

from flyte_compiler.callgraph.model import Definition
from flyte_compiler.callgraph.names import Meaning, Names
from flyte_compiler.syntax.model import FunctionDef, Import, ModuleIndex
from flyte_compiler.syntax.scope import COMPREHENSIONS, Access, Contents
from flyte_compiler.syntax.tree import children, dotted

_NOTHING: frozenset[str] = frozenset()
_SCOPED = frozenset({cst.AnnAssign, cst.FunctionDef, cst.Lambda, cst.ClassDef, *COMPREHENSIONS})
"""Nodes with parts that don't belong to the body around them, or not with the same names."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """Code that runs when one function does, or when the module is loaded."""

    index: ModuleIndex
    owner: Definition | None
    """None for the module's own code."""
    frames: tuple[Frame, ...]
    """The owner's frame and those of the functions around it, innermost first."""
    calls: tuple[HeldCall, ...]
    parents: dict[int, cst.CSTNode] = field(repr=False)
    """The node above each node of the body, by identity."""

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


def body_of(index: ModuleIndex, owner: Definition | None, frames: tuple[Frame, ...]) -> Body:
    """Walk the code of one function, or of a module; functions inside have bodies of their own."""
    calls: list[HeldCall] = []
    parents: dict[int, cst.CSTNode] = {}
    roots = index.tree.body if owner is None else [owner.function.tree.body]
    stack: list[tuple[cst.CSTNode, frozenset[str]]] = [(root, _NOTHING) for root in roots]
    while stack:
        node, hidden = stack.pop()
        if isinstance(node, cst.Call):
            calls.append(HeldCall(node, hidden))
        if type(node) in _SCOPED:
            below = list(_in_scope(node, hidden, index))
        else:
            below = [(child, hidden) for child in children(node)]
        stack.extend(below)
        for child, _ in below:
            parents[id(child)] = node
    calls.sort(key=lambda held: index.positions.offsets(held.node))
    return Body(index=index, owner=owner, frames=frames, calls=tuple(calls), parents=parents)


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
