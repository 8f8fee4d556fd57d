"""What each kind of node holds and gives: its regions, with what holds for them, and the parts of
its value.

Nothing here knows the graph around: `verify` asks, and knows which names are in sight.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

from flyte_compiler.ir.leaves import (
    AwaitNode,
    DynamicNode,
    FragmentForm,
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
    Collected,
    LoopNode,
    MapKind,
    MapNode,
    Node,
    Region,
    TryNode,
    WithNode,
    Yield,
)
from flyte_compiler.ir.operands import NamedOperands, element_names
from flyte_compiler.ir.values import (
    CAUGHT,
    ELEMENT,
    ENTERED,
    VALUE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A region as its node holds it."""

    region: Region
    enters: tuple[str, ...] = ()
    """The names under which values enter it."""
    variables: tuple[str, ...] | None = ()
    """What it yields; None where it may choose."""
    value: bool | None = False
    """Whether it yields a value; None where it may choose."""
    may_leave: bool = True
    """Whether it may leave further than its node."""


def held_regions(node: Node) -> tuple[Held, ...]:
    """The regions of a node in program order, as `regions_of` has them, each with what holds."""
    match node:
        case BranchNode(arms=arms):
            variables, value = _agreed(arm.body for arm in arms)
            return tuple(Held(region=a.body, variables=variables, value=value) for a in arms)
        case LoopNode():
            return tuple(_held_by_loop(node))
        case MapNode(body=body, iterables=iterables):
            wanted = None if node.kind is MapKind.STATEMENTS and not _collects(node) else True
            enters = element_names(len(iterables))
            return (Held(region=body, enters=enters, value=wanted, may_leave=False),)
        case TryNode():
            return tuple(_held_by_try(node))
        case WithNode(body=body):
            # A group swallows nothing, so it needn't say what then.
            chosen = None if node.group is not None else _names(node.otherwise)
            return (Held(region=body, enters=(ENTERED,), variables=chosen),)
        case (
            TaskNode()
            | TraceNode()
            | HelperNode()
            | FunctionNode()
            | PythonNode()
            | PackNode()
            | AwaitNode()
            | YieldNode()
            | DynamicNode()
        ):
            return ()
        case _:
            assert_never(node)


def has_part(node: Node, path: Sequence[str | int]) -> bool:
    """Whether a node gives that part: a variable, `VALUE`, an index into its value."""
    match node:
        case PythonNode(form=FragmentForm.STATEMENTS) | DynamicNode():
            return _is_named_part(path, node.outputs)
        case WithNode(group=None):
            return _is_named_part(path, _names(node.otherwise))
        case BranchNode() | TryNode() | WithNode():
            variables, value = _agreed(merged_regions(node))
            return _is_named_part(path, (*variables, VALUE) if value else variables)
        case LoopNode():
            carried = _names(node.carried)
            return _is_named_part(path, (*carried, VALUE) if _collects(node) else carried)
        case PackNode(start=Start.IN_PLACE, kind=kind) if kind is not PackKind.DICT:
            size = len(node.elements)
            return _are_indices(path) and (
                not path or bool(node.unpacked) or path[0] in range(size)
            )
        case TaskNode() | TraceNode() | HelperNode() | MapNode() | PackNode():
            is_in_place = node.start is Start.IN_PLACE and not isinstance(node, PackNode)
            return _are_indices(path) if is_in_place else not path
        case PythonNode() | AwaitNode() | YieldNode():
            return _are_indices(path)
        case FunctionNode():
            return not path
        case _:
            assert_never(node)


def merged_regions(node: BranchNode | TryNode | WithNode) -> tuple[Region, ...]:
    """The regions whose ends give the node's variables."""
    match node:
        case BranchNode(arms=arms):
            return tuple(arm.body for arm in arms)
        case TryNode(body=body, orelse=orelse, handlers=handlers):
            return (body if orelse is None else orelse, *(handler.body for handler in handlers))
        case WithNode(body=body):
            return (body,)
        case _:
            assert_never(node)


def goes_on(node: Node) -> bool:
    """Whether anything after the node may run, as far as its regions' ends say."""
    match node:
        case TryNode(final=Region(end=end)) if not isinstance(end, Yield):
            return False
        case BranchNode() | TryNode():
            return any(isinstance(region.end, Yield) for region in merged_regions(node))
        case _:
            return True  # A context manager may swallow an exception; a loop may not begin.


def _held_by_loop(node: LoopNode) -> Iterator[Held]:
    carried = _names(node.carried)
    if node.test is not None:
        yield Held(region=node.test, enters=carried, variables=carried, value=True, may_leave=False)
    element = () if node.iterable is None else (ELEMENT,)
    yield Held(
        region=node.body, enters=(*carried, *element), variables=carried, value=_collects(node)
    )
    if node.orelse is not None:
        yield Held(region=node.orelse, enters=carried, variables=carried)


def _held_by_try(node: TryNode) -> Iterator[Held]:
    variables, _ = _agreed(merged_regions(node))
    yield Held(region=node.body, variables=variables if node.orelse is None else None)
    for handler in node.handlers:
        if handler.types is not None:
            yield Held(region=handler.types, value=True, may_leave=False)
        yield Held(region=handler.body, enters=(CAUGHT,), variables=variables)
    if node.orelse is not None:
        kept, _ = _agreed((node.body,))
        yield Held(region=node.orelse, enters=kept, variables=variables)
    if node.final is not None:
        yield Held(region=node.final)


def _agreed(regions: Iterable[Region]) -> tuple[tuple[str, ...], bool]:
    """The variables of the first region that yields, and whether it yields a value."""
    for region in regions:
        if isinstance(region.end, Yield):
            return _names(region.end.variables), region.end.value is not None
    return (), False


def _names(variables: NamedOperands) -> tuple[str, ...]:
    return tuple(name for name, _ in variables)


def _collects(node: LoopNode | MapNode) -> bool:
    return node.collected is not Collected.NOTHING


def _is_named_part(path: Sequence[str | int], names: Sequence[str]) -> bool:
    return bool(path) and path[0] in names and _are_indices(path[1:])


def _are_indices(path: Sequence[str | int]) -> bool:
    return all(isinstance(part, int) and part >= 0 for part in path)
