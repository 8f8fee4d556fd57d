"""Edges, derived from operands: what flows into each node, and the types at the boundary.

A *boundary* is the pair of what the producer declares and what the callee's annotation
expects; either side is None where the source doesn't say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import assert_never

from flyte_compiler.ir.annotations import element_type, exception_or, pack_type, tuple_elements
from flyte_compiler.ir.leaves import (
    AwaitNode,
    DynamicNode,
    FunctionNode,
    HelperNode,
    PackKind,
    PackNode,
    PythonNode,
    Start,
    TaskNode,
    TraceNode,
    YieldNode,
)
from flyte_compiler.ir.model import (
    BranchNode,
    Helper,
    LoopNode,
    MapNode,
    Node,
    Region,
    TaskGraph,
    TryNode,
    WithNode,
    Yield,
)
from flyte_compiler.ir.operands import RETURN, Use, element_names, uses
from flyte_compiler.ir.shapes import merged_regions
from flyte_compiler.ir.values import (
    ELEMENT,
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
from flyte_compiler.ir.walk import all_nodes

__all__ = [
    "Edge",
    "Scope",
    "edges",
    "element_type",
    "exception_or",
    "operand_type",
    "pack_type",
    "tuple_elements",
]

Scope = Mapping[NodeId, Node | Helper]

_DEEPEST = 100
"""How far a type is looked for through merges: a variable that a thousand branches hand through
is given up, unless an earlier answer is remembered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A value that flows from where it was made to where it is used."""

    source: Operand
    """Never a literal."""
    target: NodeId | None
    """As a `Use` has it: None for the driver's result, a helper's id for a helper's result."""
    name: str
    """What the target takes it as: argument, variable, option, index of a pack."""
    provided: str | None
    expected: str | None


def edges(graph: TaskGraph) -> tuple[Edge, ...]:
    """One edge for each operand that isn't a literal, in program order, helpers' last.

    A fragment that reads or binds a cell has an edge from it; that the cell's value comes from
    whoever bound it before is not said, since no text tells which of the bodies ran last.
    """
    nodes = list(all_nodes(graph))
    scope: dict[NodeId, Node | Helper] = {node.id: node for node in nodes}
    scope.update((helper.id, helper) for helper in graph.helpers)
    types = _Types(scope, {parameter.name: parameter.type for parameter in graph.parameters})
    expectations = _Expectations(graph, scope)
    return tuple(
        Edge(
            source=use.operand,
            target=use.user,
            name=use.name,
            provided=types.of(use.operand),
            expected=expectations.of(use),
        )
        for use in uses(graph)
        if not isinstance(use.operand, Literal)
    )


def operand_type(
    scope: Scope, parameters: Mapping[str, str | None], operand: Operand
) -> str | None:
    """What the source declares of an operand's value; None where it says nothing.

    `scope` holds the nodes that the operand may lead to; `parameters` are those of the body in
    which it stands: the driver's, or the helper's where `scope` doesn't hold the helper yet.
    """
    return _Types(scope, parameters).of(operand)


class _Expectations:
    """What each use's annotation asks for."""

    def __init__(self, graph: TaskGraph, scope: Scope) -> None:
        self.result = graph.result_type
        self.scope = scope
        self.known: dict[NodeId, dict[str, str | None]] = {}

    def of(self, use: Use) -> str | None:
        if use.user is None:
            return self.result if use.name == RETURN else None
        if use.user not in self.known:
            self.known[use.user] = dict(self._expected(self.scope[use.user]))
        return self.known[use.user].get(use.name)

    def _expected(self, user: Node | Helper) -> Iterator[tuple[str, str | None]]:
        match user:
            case TaskNode() | TraceNode():
                # An option may be called as an argument is. Options have no annotations, so the
                # worst is that one is held to an argument's: leave out what both are called.
                options = {name for name, _ in getattr(user, "overrides", ())}
                for (name, _), declared in zip(user.inputs, user.input_types, strict=True):
                    if name not in options:
                        yield name, declared
            case HelperNode(helper=helper):
                definition = self.scope.get(helper)
                if isinstance(definition, Helper):
                    yield from ((p.name, p.type) for p in definition.parameters)
            case _:
                return


@dataclass(slots=True)
class _Types:
    """The types of operands, each found once."""

    scope: Scope
    parameters: Mapping[str, str | None]
    known: dict[Operand, str | None] = field(default_factory=dict)

    def of(self, operand: Operand, depth: int = 0) -> str | None:
        match operand:
            case Literal(value=value):
                return "None" if value is None else type(value).__name__
            case Input(name=name):
                return self.parameters.get(name)
            case Shared() | Unbound():
                return None
            case RegionInput() | Output():
                return self._remembered(operand, depth)
            case _:
                assert_never(operand)

    def _remembered(self, operand: RegionInput | Output, depth: int) -> str | None:
        if operand in self.known:
            return self.known[operand]
        if depth > _DEEPEST:
            return None
        if isinstance(operand, RegionInput):
            found = self._entering(operand, depth + 1)
        else:
            found = self._given(operand, depth + 1)
        self.known[operand] = found
        return found

    def _entering(self, operand: RegionInput, depth: int) -> str | None:
        owner = self.scope.get(operand.owner)
        match owner:
            case None:  # A helper while it is lowered; a node while it is, whose text isn't known.
                is_helper = operand.owner.startswith("h")
                return self.parameters.get(operand.name) if is_helper else None
            case Helper(parameters=parameters):
                return next((p.type for p in parameters if p.name == operand.name), None)
            case LoopNode(iterable=iterable) if iterable is not None and operand.name == ELEMENT:
                return element_type(self.of(iterable, depth))
            case MapNode(iterables=iterables):
                names = element_names(len(iterables))
                at = names.index(operand.name)
                return element_type(self.of(iterables[at], depth))
            case TryNode(body=body) if operand.name != "<caught>":
                return self._merged(_yielded((body,), operand.name), depth)
            case _:
                return None

    def _given(self, operand: Output, depth: int) -> str | None:
        producer = self.scope.get(operand.node)
        if producer is None or isinstance(producer, Helper):
            return None
        match producer, operand.path:
            case (BranchNode() | TryNode() | WithNode(), (str(name), *indices)):
                declared = producer.type if isinstance(producer, BranchNode) else None
                if name != VALUE or declared is None:
                    declared = self._merged(_merged_values(producer, name), depth)
            case LoopNode(type=collected), (str(name), *indices):
                declared = collected if name == VALUE else None
            case PackNode(), (int(index), *indices):
                declared = self._packed(producer, index, depth)
            case _, (str(), *indices):
                declared = None  # A variable that Python left behind.
            case _, (*indices,):
                declared = _whole(producer)
        return _indexed(declared, indices)

    def _merged(self, values: Iterable[Operand | None], depth: int) -> str | None:
        """The type of a variable that has these values on paths that meet, if they agree."""
        types = {None if value is None else self.of(value, depth) for value in values}
        return types.pop() if len(types) == 1 else None

    def _packed(self, pack: PackNode, index: int, depth: int) -> str | None:
        if any(unpacked <= index for unpacked in pack.unpacked) or index >= len(pack.elements):
            return None
        element = pack.elements[index]
        match pack.kind:
            case PackKind.LIST | PackKind.TUPLE:
                return self.of(element, depth)
            case PackKind.GATHER:
                awaited = self._awaited(element)
                match pack.return_exceptions:
                    case Literal(value=wanted):
                        return exception_or(awaited) if wanted else awaited
                    case _:
                        return None
            case PackKind.DICT:
                return None
            case _:
                assert_never(pack.kind)

    def _awaited(self, operand: Operand) -> str | None:
        """What a call that was put off gives in the end."""
        if not isinstance(operand, Output) or operand.path:
            return None
        producer = self.scope.get(operand.node)
        match producer:
            case TaskNode() | TraceNode() | HelperNode() | PackNode() | MapNode():
                return producer.type if producer.start is Start.DEFERRED else None
            case _:
                return None


def _whole(node: Node) -> str | None:
    """The type of a node's own value: of one that was put off it has no name."""
    match node:
        case TaskNode() | TraceNode() | HelperNode() | PackNode() | MapNode():
            return node.type if node.start is Start.IN_PLACE else None
        case PythonNode() | AwaitNode():
            return node.type
        case FunctionNode() | YieldNode() | DynamicNode():
            return None
        case BranchNode() | LoopNode() | TryNode() | WithNode():
            return None
        case _:
            assert_never(node)


def _merged_values(node: BranchNode | TryNode | WithNode, name: str) -> Iterator[Operand | None]:
    yield from _yielded(merged_regions(node), name)
    if isinstance(node, WithNode):
        yield from (operand for variable, operand in node.otherwise if variable == name)


def _yielded(regions: Iterable[Region], name: str) -> Iterator[Operand | None]:
    """What each region that yields gives as a variable, or as `VALUE`."""
    for region in regions:
        if isinstance(region.end, Yield):
            variables = dict(region.end.variables)
            yield region.end.value if name == VALUE else variables.get(name)


def _indexed(declared: str | None, indices: list[int | str]) -> str | None:
    for index in indices:
        parts = tuple_elements(declared)
        if parts is None or not isinstance(index, int) or not 0 <= index < len(parts):
            return None
        declared = parts[index]
    return declared
