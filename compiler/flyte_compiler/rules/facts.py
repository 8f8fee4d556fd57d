"""What rules may look at: everything that the phases found, nothing that they may change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from flyte_compiler.callgraph.model import CallGraph, CallSite, Definition, Kind
from flyte_compiler.callgraph.program import Fault
from flyte_compiler.dataflow.engine import Engine
from flyte_compiler.dataflow.trees import Trees
from flyte_compiler.ir.model import TaskGraph
from flyte_compiler.source.span import Span
from flyte_compiler.typecheck.boundary import Boundary
from flyte_compiler.typecheck.program import TypedProgram


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """One program, as far as the phases came."""

    call_graph: CallGraph
    """With the index of every module that could be read."""
    graphs: tuple[TaskGraph, ...]
    """Of every driver."""
    faults: tuple[Fault, ...]
    """The files that couldn't be read."""
    types: TypedProgram | None = None
    """None where nobody asked for types."""
    trees: Trees = field(init=False, repr=False, compare=False)
    """The standard library's trees of the modules, made when one is asked for."""
    taints: Engine = field(init=False, repr=False, compare=False)
    """What values depend on, found when it is asked for."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "trees", Trees(self.call_graph))
        object.__setattr__(self, "taints", Engine(self.trees))

    def task_sites(self) -> Iterator[CallSite]:
        """The calls of tasks and traces: what becomes an action or a checkpoint."""
        for site in self.call_graph.sites:
            if site.callee.kind is not Kind.HELPER:
                yield site

    def sites_within(self, span: Span) -> Iterator[CallSite]:
        """The calls that stand in a span, of helpers too."""
        for site in self.call_graph.sites:
            if holds(span, site.span):
                yield site

    def boundaries(self) -> tuple[Boundary, ...]:
        """Where values meet declared types; none where types aren't known."""
        return () if self.types is None else self.types.boundaries

    def definition_of(self, graph: TaskGraph) -> Definition:
        """The driver that a graph was made from."""
        return next(
            each for each in self.call_graph.definitions if each.function.span == graph.span
        )


def holds(outer: Span, inner: Span) -> bool:
    """Whether one span lies inside another."""
    return outer.path == inner.path and outer.start <= inner.start and inner.end <= outer.end
