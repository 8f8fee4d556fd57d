"""Follows nondeterministic values through a whole program: into helpers and out of them.

Taint analysis: *sources* (`sources`) give another value each time; *sinks* (`taints.SinkKind`)
are arguments of tasks and whatever decides which tasks run; a task, a trace and `flyte.durable`
*clean*, since a replay gives back what they gave. A body is gone through in order, so a name that
was assigned anew is clean; a helper once for each set of arguments that depend on something.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from flyte_compiler.callgraph.model import Definition
from flyte_compiler.dataflow.calls import seeds
from flyte_compiler.dataflow.evaluate import Evaluator
from flyte_compiler.dataflow.names import AnyScope
from flyte_compiler.dataflow.sources import Source, SourceKind
from flyte_compiler.dataflow.taints import NONE, Reach, Sink, Taints, union
from flyte_compiler.dataflow.trees import ModuleTree, Trees
from flyte_compiler.dataflow.walk import Walk

_DEEPEST = 12
"""Helpers inside helpers that are followed."""
_SETS = ("set", "frozenset", "Set", "FrozenSet", "AbstractSet", "MutableSet")
_NUMBERS = ("int", "bool", "float")


@dataclass(frozen=True, slots=True)
class _Call:
    """A function with what its arguments, and the variables around it, depend on."""

    function: int
    given: frozenset[tuple[str, frozenset[Source]]]
    around: frozenset[tuple[str, frozenset[object]]]


class Engine:
    """One program's taints, found when they are asked for."""

    def __init__(self, trees: Trees, *, follows_choices: bool = True) -> None:
        """Without choices, a value that only decides what is assigned isn't in it."""
        self.trees = trees
        self.follows_choices = follows_choices
        self._results: dict[_Call, Taints] = {}
        self._running: list[_Call] = []
        self._reaches: dict[tuple[Source, Sink], Reach] = {}
        self._globals: dict[str, Mapping[str, Taints]] = {}
        self._seeded: dict[str, frozenset[str]] = {}

    def result_of(self, definition: Definition) -> Taints:
        """What a task's result depends on."""
        found = self.trees.function_of(definition)
        return NONE if found is None else self.call(*found, {})

    def reaches(self) -> tuple[Reach, ...]:
        """What reaches a sink in a driver, or in a helper that it calls."""
        for driver in self.trees.drivers():
            self.result_of(driver)
        return tuple(self._reaches.values())

    def record(self, taints: Taints, sink: Sink) -> None:
        """Remember what reaches a sink."""
        for source, trail in taints.items():
            reach = Reach(source=source, trail=trail, sink=sink)
            self._reaches.setdefault((source, sink), reach)

    def call(self, module: ModuleTree, function: AnyScope, given: Mapping[str, Taints]) -> Taints:
        """What a function's result depends on, with such arguments."""
        return self._call(Walk(self, module, frozenset()), function, given)

    def call_nested(
        self, around: Evaluator, function: AnyScope, given: Mapping[str, Taints]
    ) -> Taints:
        """As `call`, of a function that sees the variables around it."""
        walk = Walk(self, around.module, around.local)
        walk.places = around.places.copy()
        walk.nested = dict(around.nested)
        return self._call(walk, function, given)

    def global_taints(self, origin: str) -> Taints:
        """What a first-party module's variable depends on, as its own text assigns it."""
        module, _, name = origin.rpartition(".")
        found = self.trees.of(module) if module else None
        if found is None:
            return NONE
        if module not in self._globals:
            self._globals[module] = {}  # what a module asks of itself meanwhile is nothing
            self._globals[module] = self._of_globals(found)
        return self._globals[module].get(name, NONE)

    def is_seeded(self, module: ModuleTree, origin: str) -> bool:
        """Whether a module, or one that it imports, seeds what a function draws from."""
        imported = {each.module for each in module.index.imports}
        imported |= {f"{each.module}.{each.attribute}" for each in module.index.imports}
        near = (module.name, *sorted(imported & set(self.trees.graph.modules)))
        return any(origin.startswith(tuple(self._seeds_in(each))) for each in near)

    def _call(self, walk: Walk, function: AnyScope, given: Mapping[str, Taints]) -> Taints:
        key = _Call(
            function=id(function),
            given=frozenset((name, frozenset(taints)) for name, taints in given.items()),
            around=walk.places.key,
        )
        if key in self._results:
            return self._results[key]
        is_running = any(each.function == key.function for each in self._running)
        if is_running or len(self._running) >= _DEEPEST:
            return union(*given.values())
        self._running.append(key)
        for name, taints in (_sets(walk, function) | dict(given)).items():
            walk.places.write(name, taints)
        self._results[key] = walk.run(function)
        self._running.pop()
        return self._results[key]

    def _of_globals(self, module: ModuleTree) -> Mapping[str, Taints]:
        walk = Walk(self, module, frozenset())
        simple = [each for each in module.tree.body if isinstance(each, ast.Assign | ast.AnnAssign)]
        walk.statements(simple)
        names = module.names.once
        found = {name: walk.places.read(name) for name in names}
        return {name: taints for name, taints in found.items() if taints}

    def _seeds_in(self, module: str) -> frozenset[str]:
        if module not in self._seeded:
            found = self.trees.of(module)
            self._seeded[module] = frozenset() if found is None else _seeds(found)
        return self._seeded[module]


def _seeds(module: ModuleTree) -> frozenset[str]:
    calls = (node for node in ast.walk(module.tree) if isinstance(node, ast.Call) and node.args)
    return frozenset(filter(None, (seeds(module.names.origin(call.func)) for call in calls)))


def _sets(walk: Walk, function: AnyScope) -> dict[str, Taints]:
    """The parameters that are sets. Those of numbers have one order in every process."""
    arguments = function.args
    found: dict[str, Taints] = {}
    for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
        match each.annotation:
            case ast.Subscript(value=ast.Name(id=name), slice=ast.Name(id=element)) if (
                name in _SETS and element not in _NUMBERS
            ):
                source = Source(
                    kind=SourceKind.SET, text=each.arg, span=walk.module.span(each.annotation)
                )
                found[each.arg] = {source: ()}
            case _:
                pass
    return found
