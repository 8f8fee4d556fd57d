"""Which environments depend on which, as far as the program says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flyte_compiler.callgraph.model import CallGraph, Dependency, Environment
from flyte_compiler.source.span import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Depending:
    """The dependencies of a program; environments are told apart by the call that makes one."""

    said: Mapping[Span, Sequence[Dependency]]
    unsure: frozenset[Span]

    def may_reach(self, environment: Environment, other: Environment) -> bool:
        """Whether one depends on another, others between them, or may do so unseen."""
        return self._search(environment, other, counts_unsure=True)

    def reaches(self, environment: Environment, other: Environment) -> bool:
        """Whether one provably depends on another, others between them."""
        return self._search(environment, other, counts_unsure=False)

    def _search(self, environment: Environment, other: Environment, *, counts_unsure: bool) -> bool:
        waiting = [place_of(environment)]
        seen = set(waiting)
        for place in waiting:  # grows while it is read
            if counts_unsure and place in self.unsure:
                return True
            for each in self.said.get(place, ()):
                if not (counts_unsure or each.is_certain):
                    continue
                if (on := place_of(each.on)) == place_of(other):
                    return True
                if on not in seen:
                    seen.add(on)
                    waiting.append(on)
        return False


def depending(graph: CallGraph) -> Depending:
    """The dependencies of one program."""
    known = {place_of(each) for each in graph.environments}
    said: dict[Span, list[Dependency]] = defaultdict(list)
    for each in graph.dependencies.said:
        said[place_of(each.environment)].append(each)
    elsewhere = {
        place_of(each.environment)
        for each in graph.definitions
        if each.environment is not None and place_of(each.environment) not in known
    }
    return Depending(said=dict(said), unsure=graph.dependencies.unsure | elsewhere)


def place_of(environment: Environment) -> Span:
    """What tells an environment from any other."""
    return environment.definition.span
