"""What nodes and regions' ends take, and who uses a node's value.

Operands are listed in the order in which the source evaluates them. A name in angle brackets is
what a node takes beside its arguments and variables: `<test>`, `<element>`, `<value>`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import assert_never

from flyte_compiler.ir.leaves import (
    AwaitNode,
    DynamicNode,
    FunctionNode,
    HelperNode,
    PackKind,
    PackNode,
    PythonNode,
    TaskNode,
    TraceNode,
    YieldNode,
)
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
    Stop,
    TaskGraph,
    TryNode,
    WithNode,
    Yield,
)
from flyte_compiler.ir.values import (
    ELEMENT,
    VALUE,
    NodeId,
    Operand,
    Output,
    ValueCallee,
)
from flyte_compiler.ir.walk import regions_of

NamedOperands = tuple[tuple[str, Operand], ...]

RETURN = "return"
"""The name of a result's use: no variable can be called so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One place where an operand stands."""

    user: NodeId | None
    """The node that takes it. Of what a region yields, the node that holds the region; of what
    leaves a turn, the loop; of a helper's result, the helper. None for the driver's result."""
    name: str
    """The argument, variable or option it is handed on as; the index of a pack's element;
    `RETURN` for a result."""
    operand: Operand


def named_operands(node: Node) -> NamedOperands:
    """A node's own operands with the names under which it takes them; a pack's are its indices.

    What the regions inside it take isn't among them.
    """
    match node:
        case TaskNode(callee=ValueCallee(operand=callee)):
            return (("<callee>", callee), *node.overrides, *node.inputs)
        case TaskNode():
            return (*node.overrides, *node.inputs) if node.overrides else node.inputs
        case TraceNode() | HelperNode() | PythonNode() | DynamicNode():
            return node.inputs
        case FunctionNode():
            return (*node.defaults, *node.captures)
        case PackNode():
            return _of_pack(node)
        case AwaitNode():
            return (("<awaited>", node.awaited),)
        case YieldNode():
            return (("<yielded>", node.value),)
        case BranchNode():
            return (("<test>", node.test),)
        case LoopNode(iterable=iterable):
            return (*_given("<iterable>", iterable), *node.carried)
        case MapNode():
            elements = zip(element_names(len(node.iterables)), node.iterables, strict=True)
            return (*elements, *node.options)
        case TryNode():
            return ()
        case WithNode():
            group = _given("<group>", node.group)
            return (("<manager>", node.manager), *group, *node.otherwise)
        case _:
            assert_never(node)


def operands(node: Node) -> tuple[Operand, ...]:
    """A node's own operands."""
    return tuple(operand for _, operand in named_operands(node))


def end_operands(end: End) -> NamedOperands:
    """What a region's end takes: variables by name, `VALUE`, `RETURN`."""
    match end:
        case Yield(variables=variables, value=value):
            return (*variables, *_given(VALUE, value))
        case Continue(variables=variables) | Break(variables=variables):
            return variables
        case Return(value=value):
            return ((RETURN, value),)
        case Stop():
            return ()
        case _:
            assert_never(end)


def element_names(count: int) -> tuple[str, ...]:
    """The names under which elements of that many iterables enter a map's body."""
    return (ELEMENT, *(f"{ELEMENT}{index}" for index in range(1, count)))


def uses(graph: TaskGraph) -> Iterator[Use]:
    """Every use in the driver's body and then in each helper's, in program order."""
    yield from _uses_in(graph.body, _Place(body=None, holder=None, loop=None))
    for helper in graph.helpers:
        yield from _uses_in(helper.body, _Place(body=helper.id, holder=helper.id, loop=None))


def uses_of_nodes(graph: TaskGraph) -> Mapping[NodeId, tuple[Use, ...]]:
    """The uses of each node's value, in program order. A node that nobody uses is absent."""
    found: dict[NodeId, list[Use]] = {}
    for use in uses(graph):
        if isinstance(use.operand, Output):
            found.setdefault(use.operand.node, []).append(use)
    return {node: tuple(places) for node, places in found.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where a region stands: whose body it is in, which node holds it, which loop is around."""

    body: NodeId | None
    holder: NodeId | None
    loop: NodeId | None


def _uses_in(region: Region, place: _Place) -> Iterator[Use]:
    for node in region.nodes:
        for name, operand in named_operands(node):
            yield Use(user=node.id, name=name, operand=operand)
        for inner in regions_of(node):
            # Only a loop's body is left by `Break`; its `orelse` belongs to the loop around.
            is_turn = isinstance(node, LoopNode) and inner is node.body
            loop = node.id if is_turn else place.loop
            yield from _uses_in(inner, _Place(body=place.body, holder=node.id, loop=loop))
    user = _user_of_end(region.end, place)
    for name, operand in end_operands(region.end):
        yield Use(user=user, name=name, operand=operand)


def _user_of_end(end: End, place: _Place) -> NodeId | None:
    match end:
        case Yield() | Stop():
            return place.holder
        case Continue() | Break():
            return place.loop
        case Return():
            return place.body
        case _:
            assert_never(end)


def _of_pack(node: PackNode) -> NamedOperands:
    elements = tuple((str(index), operand) for index, operand in enumerate(node.elements))
    if node.kind is not PackKind.GATHER:
        return elements
    return (*elements, ("return_exceptions", node.return_exceptions))


def _given(name: str, operand: Operand | None) -> NamedOperands:
    return () if operand is None else ((name, operand),)
