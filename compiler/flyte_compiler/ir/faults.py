"""What each kind of node has to be by itself: its own fields, whatever its operands name."""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Iterator, Mapping
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
    YieldNode,
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
from flyte_compiler.ir.values import (
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
        case AwaitNode() | YieldNode():
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


def _call_faults(node: TaskNode | TraceNode) -> Iterator[str]:
    yield from argument_faults(name for name, _ in node.inputs)
    if len(node.inputs) != len(node.input_types):
        yield f"{len(node.inputs)} inputs have {len(node.input_types)} types"


def _python_faults(node: PythonNode) -> Iterator[str]:
    yield from name_faults(name for name, _ in node.inputs)
    yield from name_faults(node.outputs)
    yield from name_faults(node.global_names)
    if len(set(node.runs)) < len(node.runs):
        yield "it names a helper twice"
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
