"""Where a value of a driver may come from: which calls' results, parameters, literals.

A value is followed back through the driver's Python, its branches, loops and helpers, to the
calls that gave it. What a fragment puts into an object (`rows.append(row)`) counts as coming from
that object, wherever it is read: order isn't looked at. So this says *may*, and never too little
but for what Python hides from the graph: a call's result put into another object by a library.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import assert_never

from flyte_compiler.diff.model import Origin, OriginKind, Origins
from flyte_compiler.diff.walk import placed_regions
from flyte_plan.plan import (
    DRIVER,
    ELEMENT,
    VALUE,
    AwaitNode,
    BranchNode,
    BreakEnd,
    ContinueEnd,
    DynamicNode,
    End,
    FunctionNode,
    HelperNode,
    InputOperand,
    LiteralOperand,
    LoopNode,
    MapNode,
    NamedOperand,
    Node,
    Operand,
    OutputOperand,
    PackNode,
    PlannedTask,
    PythonNode,
    Region,
    RegionOperand,
    ReturnEnd,
    SharedOperand,
    TaskNode,
    TraceNode,
    TryNode,
    UnboundOperand,
    WithNode,
    YieldEnd,
    YieldNode,
)

_CHANGING = frozenset({"local", "effect"})
"""Kinds of fragments that may change an object that they are handed."""
_UNCHANGEABLE = frozenset({"bool", "int", "float", "complex", "str", "bytes", "None"})


class Flow:
    """The flow of values in one driver. `names` says what tasks are called instead of what its
    graph says."""

    def __init__(self, task: PlannedTask, names: Mapping[str, str] = MappingProxyType({})) -> None:
        self._names = names
        self._parameters = frozenset(parameter.name for parameter in task.parameters)
        self._nodes: dict[str, Node] = {}
        self._helpers: set[str] = set()
        self._handed: dict[str, list[NamedOperand]] = defaultdict(list)
        """By helper: what its calls hand it, and what its function objects hold."""
        self._returned: dict[str, list[Operand]] = defaultdict(list)
        """By helper, and `DRIVER`."""
        self._turns: dict[str, list[NamedOperand]] = defaultdict(list)
        """By loop: the variables at the end of a turn."""
        self._sharing: dict[SharedOperand, list[PythonNode]] = defaultdict(list)
        """By cell: the fragments that may bind it."""
        self._put_in: dict[str, list[PythonNode]] = defaultdict(list)
        """By node: the fragments that may put something into what it gives."""
        if task.graph is not None:
            self._helpers.update(helper.id for helper in task.graph.helpers)
            for placed in placed_regions(task.graph):
                self._index_end(placed.region.end, placed.body, placed.loop)
                for node in placed.region.nodes:
                    self._index(node)
            self._index_changes()

    def of(self, operand: Operand) -> Origins:
        """Where a value may come from, sorted."""
        return self.of_all((operand,))

    def of_all(self, operands: Iterable[Operand]) -> Origins:
        """Where any of several values may come from, sorted."""
        found: set[Origin] = set()
        for operand in self._behind(operands):
            found.update(self._origins(operand))
        return tuple(sorted(found, key=lambda origin: origin.sort_key))

    def returned(self) -> Origins:
        """Where the driver's result may come from."""
        return self.of_all(self._returned[DRIVER])

    def _behind(self, operands: Iterable[Operand]) -> Iterator[Operand]:
        """The operands themselves and all that they are made of, each once."""
        waiting = list(operands)
        seen = set(waiting)
        while waiting:
            operand = waiting.pop()
            yield operand
            for source in self._sources(operand):
                if source not in seen:
                    seen.add(source)
                    waiting.append(source)

    def _origins(self, operand: Operand) -> Iterator[Origin]:
        match operand:
            case LiteralOperand():
                yield Origin(kind=OriginKind.LITERAL, name=_written(operand))
            case InputOperand(name=name):
                yield Origin(kind=OriginKind.PARAMETER, name=name)
            case SharedOperand(owner=owner, name=name):
                if owner == DRIVER and name in self._parameters:
                    yield Origin(kind=OriginKind.PARAMETER, name=name)
            case OutputOperand(node=node):
                yield from map(self._call, self._called(node))
            case RegionOperand() | UnboundOperand():
                return
            case _:
                assert_never(operand)

    def _call(self, name: str) -> Origin:
        return Origin(kind=OriginKind.CALL, name=self._names.get(name, name))

    def _called(self, node: str) -> tuple[str, ...]:
        match self._nodes.get(node):
            case TaskNode(task=name) | TraceNode(trace=name):
                return (name,)
            case DynamicNode(tasks=names):
                return names
            case _:
                return ()

    def _sources(self, operand: Operand) -> Iterator[Operand]:
        match operand:
            case RegionOperand(owner=owner, name=name):
                yield from self._entering(owner, name)
            case OutputOperand(node=node, path=path):
                yield from self._given(self._nodes.get(node), path)
                for fragment in self._put_in.get(node, ()):
                    yield from _values(fragment.inputs)
            case SharedOperand(owner=owner, name=name):
                yield from _named(self._handed.get(owner, ()), name)
                for fragment in self._sharing.get(operand, ()):
                    yield from _values(fragment.inputs)
            case LiteralOperand() | InputOperand() | UnboundOperand():
                return
            case _:
                assert_never(operand)

    def _entering(self, owner: str, name: str) -> Iterator[Operand]:
        """What a value that enters a region of a node, or a helper, is made of."""
        if owner in self._helpers:
            yield from _named(self._handed.get(owner, ()), name)
            return
        match self._nodes.get(owner):
            case LoopNode(iterable=iterable, carried=carried) as loop:
                if name == ELEMENT and iterable is not None:
                    yield iterable
                yield from _named((*carried, *self._turns[loop.id]), name)
            case MapNode(iterables=iterables):
                yield from iterables
            case WithNode(manager=manager):
                yield manager
            case TryNode(body=body):
                yield from _yielded((body,), name)
            case _:
                return

    def _given(self, node: Node | None, path: tuple[str | int, ...]) -> Iterator[Operand]:
        """What a node's output is made of. Of a call's result, nothing: it is an origin."""
        name = str(path[0]) if path and isinstance(path[0], str) else VALUE
        inside = path[1:] if path and isinstance(path[0], str) else path
        match node:
            case None | TaskNode() | TraceNode() | DynamicNode():
                return
            case PythonNode(inputs=inputs):
                yield from _values(inputs)
            case PackNode(elements=elements):
                yield from _elements(node, elements, path)
            case YieldNode():
                return
            case AwaitNode(awaited=awaited):
                yield _part(awaited, path)
            case HelperNode(helper=helper):
                yield from (_part(value, path) for value in self._returned[helper])
            case FunctionNode(helper=helper, captures=captures):
                yield from self._returned[helper]
                yield from _values(captures)
            case LoopNode(body=body, carried=carried):
                yield from _named((*carried, *self._turns[node.id]), name)
                yield from _yielded((body, node.orelse), name)
            case BranchNode() | MapNode() | TryNode() | WithNode():
                merged = _yielded(_merging(node), name)
                yield from (_part(value, inside) for value in merged)
                if isinstance(node, WithNode):
                    yield from _named(node.otherwise, name)
            case _:
                assert_never(node)

    def _index(self, node: Node) -> None:
        self._nodes[node.id] = node
        match node:
            case HelperNode(helper=helper, inputs=inputs):
                self._handed[helper] += inputs
            case FunctionNode(helper=helper, captures=captures, defaults=defaults):
                self._handed[helper] += (*captures, *defaults)
            case LoopNode(test=test, body=body):
                for region in (test, body):
                    if region is not None and isinstance(region.end, YieldEnd):
                        self._turns[node.id] += region.end.variables
            case PythonNode(inputs=inputs):
                for each in inputs:
                    if isinstance(each.value, SharedOperand):
                        self._sharing[each.value].append(node)
            case _:
                pass

    def _index_end(self, end: End, body: str, loop: str | None) -> None:
        match end:
            case ReturnEnd(value=value):
                self._returned[body].append(value)
            case ContinueEnd(variables=variables) | BreakEnd(variables=variables) if loop:
                self._turns[loop] += variables
            case _:
                pass

    def _index_changes(self) -> None:
        """Which fragments may put something into what a node gives.

        Found before any is known, so that `a.append(b)` doesn't make a change of `a` one of `b`.
        """
        changes: dict[str, list[PythonNode]] = defaultdict(list)
        for node in self._nodes.values():
            if isinstance(node, PythonNode) and node.kind in _CHANGING and len(node.inputs) > 1:
                behind = self._behind(_values(node.inputs))
                made = {each.node for each in behind if isinstance(each, OutputOperand)}
                for changed in made - {node.id}:
                    if self._may_change(changed, node):
                        changes[changed].append(node)
        self._put_in = changes

    def _may_change(self, changed: str, fragment: PythonNode) -> bool:
        """Whether what a node gives can be changed, by a fragment of this kind."""
        node = self._nodes.get(changed)
        is_result = isinstance(node, TaskNode | TraceNode)
        if is_result and fragment.kind != "effect":  # the others change what the driver built
            return False
        return getattr(node, "type", None) not in _UNCHANGEABLE


def _written(literal: LiteralOperand) -> str:
    """As source has it; bytes as the plan has them."""
    match literal.type:
        case "str":
            return repr(literal.value)
        case "bytes":
            return f"base64 {literal.value}"
        case _:
            return str(literal.value)


def _values(named: Iterable[NamedOperand]) -> Iterator[Operand]:
    return (each.value for each in named)


def _named(named: Iterable[NamedOperand], name: str) -> Iterator[Operand]:
    return (each.value for each in named if each.name == name)


def _elements(
    pack: PackNode, elements: tuple[Operand, ...], path: tuple[str | int, ...]
) -> Iterator[Operand]:
    """One element where the path says which, else all."""
    index = path[0] if path else None
    is_placed = isinstance(index, int) and 0 <= index < len(elements) and pack.kind != "dict"
    if isinstance(index, int) and is_placed and not any(at <= index for at in pack.unpacked):
        yield _part(elements[index], path[1:])
        return
    yield from elements


def _merging(node: BranchNode | MapNode | TryNode | WithNode) -> Iterator[Region | None]:
    """The regions after whose ends the program goes on past the node."""
    match node:
        case BranchNode(arms=arms):
            yield from (arm.body for arm in arms)
        case MapNode(body=body) | WithNode(body=body):
            yield body
        case TryNode(body=body, handlers=handlers, orelse=orelse, final=final):
            yield from (body, orelse, final, *(handler.body for handler in handlers))
        case _:
            assert_never(node)


def _yielded(regions: Iterable[Region | None], name: str) -> Iterator[Operand]:
    """What each region that yields gives as a variable, or as `VALUE`."""
    for region in regions:
        if region is None or not isinstance(region.end, YieldEnd):
            continue
        if name != VALUE:
            yield from _named(region.end.variables, name)
        elif region.end.value is not None:
            yield region.end.value


def _part(operand: Operand, path: tuple[str | int, ...]) -> Operand:
    """A part of what an operand names, where it can be said."""
    if isinstance(operand, OutputOperand) and path:
        return OutputOperand(node=operand.node, path=(*operand.path, *path))
    return operand
