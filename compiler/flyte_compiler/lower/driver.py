"""The driver being lowered: its source, its variables so far, its nodes so far.

The one mutable thing in this phase. A *variable* is a local name of the driver; `variables` says
where the value that it has at this point of the program comes from.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable
from functools import cached_property
from typing import NamedTuple

import libcst as cst

from flyte_compiler.callgraph.model import CallGraph, Definition
from flyte_compiler.ir.edges import operand_type
from flyte_compiler.ir.model import Input, Node, NodeId, Operand, Output, Region, RegionParameter
from flyte_compiler.lower import reasons
from flyte_compiler.lower.callees import Calls
from flyte_compiler.source.span import Span
from flyte_compiler.syntax.scope import Access, contents_of
from flyte_compiler.syntax.tree import walk


class Mark(NamedTuple):
    """A state to come back to."""

    nodes: int
    variables: dict[str, Operand]
    uncertain: set[str]


class Driver:
    """One driver on its way to a graph."""

    def __init__(self, definition: Definition, graph: CallGraph) -> None:
        self.definition = definition
        self.index = graph.modules[definition.module]
        self.source = self.index.source
        self.tree = definition.function.tree
        self.calls = Calls(graph, definition.function)
        self.nodes: list[Node] = []
        self.variables: dict[str, Operand] = {
            parameter.name: Input(parameter.name)
            for parameter in definition.function.signature.parameters
        }
        self.uncertain: set[str] = set()
        """Variables that the node they come from may have left unbound: reading one may raise."""
        self.parameters = tuple(
            RegionParameter(name=parameter.name, type=parameter.annotation)
            for parameter in definition.function.signature.parameters
        )
        scope = contents_of(self.tree)
        self.locals = scope.local
        self.globals = scope.names(Access.GLOBAL)

    def emit(self, build: Callable[[NodeId], Node]) -> Output:
        """Append the node that `build` makes for the next id."""
        node = build(NodeId(f"n{len(self.nodes)}"))
        self.nodes.append(node)
        return Output(node.id)

    def type_of(self, operand: Operand) -> str | None:
        """What the source declares of an operand's value."""
        return operand_type(self.region(None), operand)

    def region(self, result: Operand | None) -> Region:
        """The nodes so far, as the driver's body."""
        return Region(parameters=self.parameters, nodes=tuple(self.nodes), result=result)

    def mark(self) -> Mark:
        """Remember this state."""
        return Mark(len(self.nodes), dict(self.variables), set(self.uncertain))

    def return_to(self, mark: Mark) -> None:
        """Forget everything since a mark."""
        del self.nodes[mark.nodes :]
        self.variables = dict(mark.variables)
        self.uncertain = set(mark.uncertain)

    def bind(self, name: str, operand: Operand) -> None:
        """From here on a variable has this value."""
        self.variables[name] = operand
        self.uncertain.discard(name)

    def read(self, name: str) -> Operand:
        """A variable's value at this point; raises NotLowered where nothing can have bound it."""
        operand = self.variables.get(name)
        if operand is None:
            raise reasons.unbound(name)
        return operand

    def offsets(self, node: cst.CSTNode) -> tuple[int, int]:
        """The characters that a node takes up; a function's or class's decorators are its own."""
        start, end = self.index.positions.offsets(node)
        if isinstance(node, cst.FunctionDef | cst.ClassDef) and node.decorators:
            start = self.index.positions.offsets(node.decorators[0])[0]
        return start, start + len(self.source.text[start:end].rstrip())

    def span(self, node: cst.CSTNode) -> Span:
        """The span of a node."""
        return self.source.span(*self.offsets(node))

    def is_fixed(self, name: str) -> bool:
        """Whether a global name means the same throughout a run: a builtin, or something that
        the module imports or defines and, as far as it shows, binds once."""
        if name in self.locals or name in self.globals:
            return False
        return name in self._fixed or (
            name not in self.index.bindings and not self.index.is_open and hasattr(builtins, name)
        )

    @cached_property
    def _fixed(self) -> frozenset[str]:
        index = self.index
        return frozenset(
            {imported.local for imported in index.imports if imported.top_level}
            | {function.name for function in index.functions}
            | {s.name.value for s in index.tree.body if isinstance(s, cst.ClassDef)}
        )

    @cached_property
    def modules(self) -> frozenset[str]:
        """Global names that are modules."""
        return frozenset(
            imported.local
            for imported in self.index.imports
            if imported.top_level and imported.attribute is None and self.is_fixed(imported.local)
        )

    @cached_property
    def value_prefix(self) -> str:
        """How names of our own begin in this driver's fragments: as no name of the user's does."""
        taken = {node.value for node in walk(self.tree) if isinstance(node, cst.Name)}
        prefix = "__c"
        while any(name.startswith(prefix) for name in taken):
            prefix += "_"
        return prefix
