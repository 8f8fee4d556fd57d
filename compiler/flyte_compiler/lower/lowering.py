"""One graph on its way: the ids that it hands out, and the helpers that are still to be lowered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from flyte_compiler.callgraph.model import CallGraph, Definition
from flyte_compiler.ir.model import Node
from flyte_compiler.ir.values import NodeId
from flyte_compiler.lower.places import Places
from flyte_compiler.lower.scope import Function, Scope
from flyte_compiler.syntax.scope import contents_of, names_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """A helper that is called; its body is lowered after what calls it."""

    id: NodeId
    """Also its region's owner."""
    scope: Scope
    captures: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrapped:
    """A task as a function: a helper that calls the task with what it is given."""

    id: NodeId
    task: Definition


class Mark(NamedTuple):
    """How far a graph had come."""

    nodes: int
    helpers: int


class Lowering:
    """What all the bodies of one graph share."""

    def __init__(self, call_graph: CallGraph) -> None:
        self.call_graph = call_graph
        self.scope: dict[NodeId, Node] = {}
        """Every node so far, those in regions included."""
        self._nodes = 0
        self._declared: dict[tuple[type, int], Declared | Wrapped] = {}

    def new_id(self) -> NodeId:
        """The next node's id."""
        self._nodes += 1
        return NodeId(f"n{self._nodes - 1}")

    def mark(self) -> Mark:
        """Remember how far it has come."""
        return Mark(self._nodes, len(self._declared))

    def return_to(self, mark: Mark) -> None:
        """Forget every node and helper since a mark."""
        for number in range(mark.nodes, self._nodes):
            self.scope.pop(NodeId(f"n{number}"), None)
        self._nodes = mark.nodes
        for key in list(self._declared)[mark.helpers :]:
            del self._declared[key]

    def declare(self, function: Function, parent: Scope | None) -> Declared:
        """A helper by the function that it is: the same one wherever it is called."""
        found = self._declared.get(key := (Declared, id(function.tree)))
        if not isinstance(found, Declared):
            places = Places(self.call_graph, function.tree)
            scope = Scope(self._new_helper_id(), function, places, parent)
            found = Declared(id=scope.owner, scope=scope, captures=_captures(scope))
            self._declared[key] = found
        return found

    def wrap(self, task: Definition) -> Wrapped:
        """A helper that calls a task: the same one wherever the task is handed on."""
        found = self._declared.get(key := (Wrapped, id(task.function.tree)))
        if not isinstance(found, Wrapped):
            found = self._declared[key] = Wrapped(id=self._new_helper_id(), task=task)
        return found

    def declared(self) -> Iterator[Declared | Wrapped]:
        """Every helper, those included that are declared meanwhile."""
        done = 0
        while done < len(self._declared):
            yield list(self._declared.values())[done]
            done += 1

    def _new_helper_id(self) -> NodeId:
        return NodeId(f"h{len(self._declared)}")


def _captures(scope: Scope) -> tuple[str, ...]:
    """The variables of the functions around a helper that it, or a nested function that it may
    call, reads, and that aren't cells: they have their last value once the helper exists."""
    found: set[str] = set()
    seen: set[int] = set()
    waiting = [scope.function.tree]
    while waiting:
        tree = waiting.pop()
        if id(tree) in seen:
            continue
        seen.add(id(tree))
        for name in names_in([tree]).reads - contents_of(tree).local:  # not what defaults read
            home = None if scope.parent is None else scope.parent.home(name)
            if home is None:
                continue
            if name in home.nested:
                waiting.append(home.nested[name])
            if name not in home.cells and (name not in home.nested or name in home.used_as_values):
                found.add(name)
    return tuple(sorted(found))
