"""Which results are used as if none of them could be an error.

Follows what maps and gathers give through the bodies of tasks and the helpers that they call. A
test of one outcome anywhere (`isinstance`, `match`, `raise`, a `try` around its use) is a test of
all that came with it: false alarms cost more than misses.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flyte_compiler.callgraph.model import Kind, LibraryCall
from flyte_compiler.dataflow.names import AnyScope
from flyte_compiler.dataflow.outcomes import Gathering, Value
from flyte_compiler.dataflow.trees import ModuleTree, Trees
from flyte_compiler.dataflow.untested_walk import Walk
from flyte_compiler.source.span import Position, Span

_DEEPEST = 8
"""Helpers inside helpers that are followed."""
_MAPS = ("map", "map.aio")
_GATHER = "asyncio.gather"


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """A place where an outcome must be a result."""

    gathering: Gathering
    span: Span
    how: str
    """`summed`, `handed to a task`."""


class Untested:
    """One program's outcomes that nothing tests."""

    def __init__(self, trees: Trees) -> None:
        self.trees = trees
        self._maps = _maps(trees)
        self._uses: dict[Gathering, list[Use]] = {}
        self._tested: set[Gathering] = set()
        self._known: dict[tuple[int, frozenset[tuple[str, Value]]], Value | None] = {}
        self._running: list[int] = []

    def uses(self) -> Iterator[tuple[Gathering, tuple[Use, ...]]]:
        """Each call whose errors are used and never tested, with its uses."""
        for definition in self.trees.graph.definitions:
            found = self.trees.function_of(definition)
            if found is not None:
                crosses = definition.kind is not Kind.HELPER
                self.result_of(*found, {}, crosses=crosses)
        for gathering, uses in self._uses.items():
            if gathering not in self._tested:
                yield gathering, tuple(uses)

    def result_of(
        self,
        module: ModuleTree,
        function: AnyScope,
        given: Mapping[str, Value],
        *,
        crosses: bool = False,
    ) -> Value | None:
        """What a function gives, with such arguments; `crosses` where its result must be one."""
        key = (id(function), frozenset(given.items()))
        if key in self._known:
            return self._known[key]
        if id(function) in self._running or len(self._running) >= _DEEPEST:
            return None
        self._running.append(id(function))
        self._known[key] = Walk(self, module, given).run(function, crosses=crosses)
        self._running.pop()
        return self._known[key]

    def use(self, gathering: Gathering, span: Span, how: str) -> None:
        """Remember a use."""
        use = Use(gathering=gathering, span=span, how=how)
        uses = self._uses.setdefault(gathering, [])
        if use not in uses:
            uses.append(use)

    def test(self, gathering: Gathering) -> None:
        """Remember that somebody looks whether a result is one."""
        self._tested.add(gathering)

    def gathering(self, module: ModuleTree, call: ast.Call) -> Gathering | None:
        """The call that hands errors on, if this is one."""
        span = module.span(call)
        found = self._maps.get((module.name, span.start, span.end))
        if found is not None:
            name = f"flyte.{found.name}"
        elif module.names.origin(call.func) == _GATHER:
            name = _GATHER
        else:
            return None
        if not hands_errors_on(call, by_default=found is not None):
            return None
        return Gathering(
            name=name, module=module.name, span=span, callee=module.span(call.func), tree=call
        )


def hands_errors_on(call: ast.Call, *, by_default: bool) -> bool:
    """Whether `return_exceptions` isn't False; options that are unpacked are anybody's guess."""
    if any(keyword.arg is None for keyword in call.keywords):
        return False
    given = next((each.value for each in call.keywords if each.arg == "return_exceptions"), None)
    match given:
        case None:
            return by_default
        case ast.Constant(value=value):
            return bool(value)
        case _:
            return True


def _maps(trees: Trees) -> Mapping[tuple[str, Position, Position], LibraryCall]:
    return {
        (call.module, call.span.start, call.span.end): call
        for call in trees.graph.library_calls
        if call.name in _MAPS
    }
