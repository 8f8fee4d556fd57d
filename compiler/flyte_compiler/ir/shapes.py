"""What each kind of node has to be by itself: its fields, its regions, the parts of its value.

Nothing here knows the graph around: `verify` asks, and knows which names are in sight.
"""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
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
)
from flyte_compiler.ir.model import (
    BranchNode,
    Choice,
    Collected,
    LoopKind,
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
    Literal,
    Operand,
    Output,
    Shared,
    Variables,
)

_MAP_OPTIONS: Mapping[MapKind, frozenset[str]] = MappingProxyType(
    {
        MapKind.MAP: frozenset({"concurrency", "group_name", "return_exceptions"}),
        MapKind.GATHER: frozenset({"return_exceptions"}),
        MapKind.STATEMENTS: frozenset(),
    }
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
        case PythonNode() | AwaitNode():
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


def node_faults(node: Node) -> Iterator[str]:
    """What is wrong with a node's own fields, but for what its operands name."""
    match node:
        case TaskNode():
            yield from _call_faults(node)
            yield from argument_faults(name for name, _ in node.overrides if name != "**")
        case TraceNode():
            yield from _call_faults(node)
        case HelperNode():
            yield from argument_faults(name for name, _ in node.inputs)
        case FunctionNode():
            yield from variable_faults(node.captures)
            yield from name_faults(name for name, _ in node.defaults)
        case PythonNode():
            yield from _python_faults(node)
        case PackNode():
            yield from _pack_faults(node)
        case AwaitNode():
            return
        case WithNode():
            yield from variable_faults(node.otherwise)
        case BranchNode(choice=choice, arms=arms):
            if not arms or (choice is Choice.TRUTH and len(arms) != 2):
                yield f"a branch by {choice.value} has {len(arms)} arms"
        case LoopNode():
            yield from _loop_faults(node)
        case MapNode():
            yield from _map_faults(node)
        case TryNode():
            yield from _try_faults(node)
        case DynamicNode():
            yield from name_faults(name for name, _ in node.inputs)
            yield from name_faults(node.outputs)
        case _:
            assert_never(node)


def name_faults(names: Iterable[str]) -> Iterator[str]:
    """Names that aren't, or that stand twice."""
    seen: set[str] = set()
    for name in names:
        if not name.isidentifier() or keyword.iskeyword(name):
            yield f"`{name}` is not a name"
        if name in seen:
            yield f"the name `{name}` stands twice"
        seen.add(name)


def argument_faults(names: Iterable[str]) -> Iterator[str]:
    """As names; places and unpacked arguments are allowed beside them."""
    return name_faults(n for n in names if not (n.isdecimal() or n in ("*", "**")))


def variable_faults(variables: Variables) -> Iterator[str]:
    """Variables that aren't sorted by name, each once."""
    names = [name for name, _ in variables]
    yield from name_faults(names)
    if names != sorted(names):
        yield "its variables are not sorted"


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


def _call_faults(node: TaskNode | TraceNode) -> Iterator[str]:
    yield from argument_faults(name for name, _ in node.inputs)
    if len(node.inputs) != len(node.input_types):
        yield f"{len(node.inputs)} inputs have {len(node.input_types)} types"


def _python_faults(node: PythonNode) -> Iterator[str]:
    yield from name_faults(name for name, _ in node.inputs)
    yield from name_faults(node.outputs)
    yield from name_faults(node.global_names)
    if not node.source.strip():
        yield "its source is empty"
    if node.form is FragmentForm.EXPRESSION and node.outputs:
        yield "an expression leaves no variables behind"
    if node.indent.strip():
        yield "its indent is not white space"
    for name, operand in node.inputs:
        if isinstance(operand, Shared):
            if operand.name != name:
                yield f"it takes the cell `{operand.name}` as `{name}`"
            if name in node.outputs:
                yield f"the cell `{name}` is among its outputs"


def _pack_faults(node: PackNode) -> Iterator[str]:
    if node.kind is PackKind.DICT and (len(node.elements) % 2 or node.unpacked):
        yield "a dict is not of keys and values in turn"
    if list(node.unpacked) != sorted({*node.unpacked} & {*range(len(node.elements))}):
        yield f"{list(node.unpacked)} are no indices of its elements in order"
    if node.kind is PackKind.GATHER:
        return
    if not isinstance(node.return_exceptions, Literal) or node.return_exceptions.value is not False:
        yield "only a gather returns exceptions"
    if node.start is Start.DEFERRED:
        yield "only a gather is deferred"


def _loop_faults(node: LoopNode) -> Iterator[str]:
    yield from variable_faults(node.carried)
    if (node.kind is LoopKind.WHILE) != (node.iterable is None):
        yield f"a `{node.kind.value}` loop has {'no' if node.iterable is None else 'an'} iterable"
    if (node.kind is LoopKind.WHILE) != (node.test is not None):
        yield f"a `{node.kind.value}` loop has {'no' if node.test is None else 'a'} test"


def _map_faults(node: MapNode) -> Iterator[str]:
    is_plain = node.kind is MapKind.MAP
    if not node.iterables or (len(node.iterables) > 1 and not is_plain):
        yield f"a map of kind `{node.kind.value}` has {len(node.iterables)} iterables"
    if node.is_async and not is_plain:
        yield "only `flyte.map` is asynchronous by itself"
    if node.start is Start.DEFERRED and node.kind is not MapKind.GATHER:
        yield "only a gather is deferred"
    if node.collected is not Collected.LIST and node.kind is not MapKind.STATEMENTS:
        yield f"a map of kind `{node.kind.value}` collects a list"
    if node.kind is MapKind.GATHER and isinstance(node.body.end, Yield):
        yield from _gathered_faults(node.body, node.body.end.value)
    yield from name_faults(name for name, _ in node.options)
    for name, _ in node.options:
        if name not in _MAP_OPTIONS[node.kind]:
            yield f"a map of kind `{node.kind.value}` has no option `{name}`"


def _gathered_faults(body: Region, given: Operand | None) -> Iterator[str]:
    if not isinstance(given, Output) or given.path:
        return
    for node in body.nodes:
        match node:
            case TaskNode() | TraceNode() | HelperNode() if node.id == given.node:
                if node.start is Start.IN_PLACE:
                    yield f"{node.id} is not put off, but the gather awaits it"
            case _:
                pass


def _try_faults(node: TryNode) -> Iterator[str]:
    if not node.handlers and node.final is None:
        yield "it handles nothing"
    if node.orelse is not None and not node.handlers:
        yield "it has an `else` without a handler"
    if any(handler.types is None for handler in node.handlers[:-1]):
        yield "a bare `except` is not the last"
    if node.is_group and any(handler.types is None for handler in node.handlers):
        yield "a bare `except*`"
