"""Whether a graph is well-formed: what every phase may rely on, and must leave so.

Run after each phase that makes a graph. A fault is ours, so it is a `CompilerBug`, and it shows
the node with its neighbourhood in the text form. `verify` is one walk in program order, linear in
the graph; what fragments' sources say is checked by `verify_sources` in `ir.sources`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NoReturn, assert_never

from flyte_compiler.ir.faults import name_faults, node_faults, variable_faults
from flyte_compiler.ir.leaves import FunctionNode, HelperNode, PythonNode, YieldNode
from flyte_compiler.ir.model import (
    Break,
    Continue,
    Helper,
    LoopNode,
    MapKind,
    MapNode,
    Node,
    Region,
    Return,
    Stop,
    TaskGraph,
    Yield,
)
from flyte_compiler.ir.operands import end_operands, named_operands
from flyte_compiler.ir.shapes import Held, goes_on, has_part, held_regions
from flyte_compiler.ir.text import print_end, print_node, print_operand
from flyte_compiler.ir.values import (
    DRIVER,
    Input,
    Literal,
    NodeId,
    Operand,
    Output,
    RegionInput,
    Shared,
    Unbound,
    Variables,
)
from flyte_compiler.ir.walk import nodes_in
from flyte_compiler.source.bug import CompilerBug

NEIGHBOURS = 2
"""Nodes shown before and after a faulty one."""


def verify(graph: TaskGraph) -> None:
    """Check every invariant of the graph, but for what fragments' sources say.

    Raises:
        CompilerBug: one doesn't hold; says which, where, and shows the nodes around.
    """
    _Verifier(graph).check()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where a region stands."""

    held: Held | None
    """None for a body."""
    loop: LoopNode | MapNode | None
    """The loop that `Break` and `Continue` would mean; of a gather over elements, only the
    latter: it leaves one out."""
    may_return: bool


class _Verifier:
    """One walk: `visible` holds the nodes in sight, `entering` what entered the regions around."""

    def __init__(self, graph: TaskGraph) -> None:
        self.graph = graph
        self.parameters = frozenset(parameter.name for parameter in graph.parameters)
        self.helpers = {helper.id: helper for helper in graph.helpers}
        self.yielding = frozenset(
            helper.id
            for helper in graph.helpers
            if any(isinstance(node, YieldNode) for node in nodes_in(helper.body))
        )
        self.body: Helper | None = None
        self.region = graph.body
        self.visible: dict[NodeId, Node] = {}
        self.entering: dict[NodeId, tuple[str, ...]] = {}
        self.cells_in_sight: dict[NodeId, tuple[str, ...]] = {}
        self.seen: set[NodeId] = set()
        self.last = -1

    def check(self) -> None:
        self._check_interfaces()
        self._check_body(None, self.graph.body)
        for helper in self.graph.helpers:
            self._check_body(helper, helper.body)

    def _check_interfaces(self) -> None:
        self._report(None, name_faults(parameter.name for parameter in self.graph.parameters))
        self._report(None, name_faults(self.graph.cells))
        for number, helper in enumerate(self.graph.helpers):
            names = [parameter.name for parameter in helper.parameters]
            self._report(None, name_faults((*names, *helper.captures)))
            self._report(None, name_faults(helper.cells))
            if helper.id != f"h{number}":
                self._fail(None, f"the helper number {number} is called {helper.id}")
            if not set(helper.captures).isdisjoint(helper.cells):
                self._fail(None, f"a cell of {helper.id} is captured")

    def _check_body(self, helper: Helper | None, body: Region) -> None:
        self.body, self.last = helper, -1
        self.cells_in_sight = self._cells_around(helper)
        if helper is None:
            self._check_region(body, _Place(held=None, loop=None, may_return=True))
            return
        parameters = (parameter.name for parameter in helper.parameters)
        self.entering[helper.id] = (*parameters, *helper.captures)
        self._check_region(body, _Place(held=None, loop=None, may_return=True))
        del self.entering[helper.id]

    def _check_region(self, region: Region, place: _Place) -> None:
        outer, self.region = self.region, region
        for node in region.nodes:
            self._check_node(node, place)
            self.visible[node.id] = node
        self._check_end(region, place)
        for node in region.nodes:
            del self.visible[node.id]
        self.region = outer

    def _check_node(self, node: Node, place: _Place) -> None:
        self._check_id(node)
        self._report(node, node_faults(node))
        for _, operand in named_operands(node):
            self._check_operand(node, operand)
        match node:
            case HelperNode() | FunctionNode():
                self._check_helper_use(node)
            case PythonNode(runs=runs):
                if unknown := [helper for helper in runs if helper not in self.helpers]:
                    self._fail(node, f"there is no helper {_shown(unknown)}")
            case YieldNode() if self.body is None:
                self._fail(node, "a driver doesn't yield")
            case _:
                pass
        for held in held_regions(node):
            self.entering[node.id] = held.enters
            self._check_region(held.region, _place_inside(node, held, place))
        self.entering.pop(node.id, None)
        if not goes_on(node) and (node is not self._last() or not self._stops()):
            self._fail(node, "nothing goes on after it, but the region does")

    def _last(self) -> Node:
        return self.region.nodes[-1]

    def _stops(self) -> bool:
        return isinstance(self.region.end, Stop)

    def _check_id(self, node: Node) -> None:
        number = node.id[1:]
        if node.id[:1] != "n" or not number.isdecimal():
            self._fail(node, f"`{node.id}` is no id of a node")
        if node.id in self.seen:
            self._fail(node, f"the id {node.id} is used twice")
        if int(number) <= self.last:
            self._fail(node, f"the id {node.id} comes after n{self.last}")
        self.seen.add(node.id)
        self.last = int(number)

    def _check_end(self, region: Region, place: _Place) -> None:
        end = region.end
        match end:
            case Yield():
                self._check_yield(end, place.held)
            case Break(variables=variables):
                if isinstance(place.loop, MapNode):
                    self._fail(None, "a map can't be left")
                self._check_turn(variables, place)
            case Continue(variables=variables):
                self._check_turn(variables, place)
            case Return():
                if not place.may_return:
                    self._fail(None, "it returns from where nothing may leave")
            case Stop():
                if not region.nodes:
                    self._fail(None, "it stops, but no node in it leaves")
            case _:
                assert_never(end)
        for _, operand in end_operands(end):
            self._check_operand(None, operand)

    def _check_yield(self, end: Yield, held: Held | None) -> None:
        self._report(None, variable_faults(end.variables))
        if held is None:
            self._fail(None, "a body yields: nothing holds it")
        names = tuple(name for name, _ in end.variables)
        if held.variables is not None and names != held.variables:
            self._fail(None, f"it yields {_shown(names)} instead of {_shown(held.variables)}")
        if held.value is not None and held.value != (end.value is not None):
            self._fail(None, "it yields no value" if held.value else "it yields a value")

    def _check_turn(self, variables: Variables, place: _Place) -> None:
        if place.loop is None:
            self._fail(None, "there is no loop around that it could leave")
        names = tuple(name for name, _ in variables)
        carried = () if isinstance(place.loop, MapNode) else _names(place.loop.carried)
        if names != carried:
            self._fail(None, f"it hands on {_shown(names)} instead of {_shown(carried)}")

    def _check_operand(self, user: Node | None, operand: Operand) -> None:
        match operand:
            case Literal() | Unbound():
                return
            case Input(name=name):
                if self.body is not None or name not in self.parameters:
                    self._fail(user, f"there is no parameter {print_operand(operand)}")
            case RegionInput(owner=owner, name=name):
                if name not in self.entering.get(owner, ()):
                    self._fail(user, f"{print_operand(operand)} doesn't enter here")
            case Output(node=node, path=path):
                producer = self.visible.get(node)
                if producer is None:
                    self._fail(user, f"{print_operand(operand)} is out of sight")
                if not has_part(producer, path):
                    self._fail(user, f"{print_operand(operand)} is no part of what {node} gives")
            case Shared(owner=owner, name=name):
                if name not in self.cells_in_sight.get(owner, ()):
                    self._fail(user, f"there is no cell {print_operand(operand)} around")
            case _:
                assert_never(operand)

    def _check_helper_use(self, node: HelperNode | FunctionNode) -> None:
        helper = self.helpers.get(node.helper)
        if helper is None:
            self._fail(node, f"there is no helper {node.helper}")
        if helper.id in self.yielding:
            self._fail(node, f"{helper.id} yields: only Python runs it")
        parameters = {parameter.name for parameter in helper.parameters}
        takes_any = "**" in helper.signature
        match node:
            case HelperNode(inputs=inputs):
                named = [name for name, _ in inputs if not _is_by_place(name)]
                captured = {name for name in named if name in helper.captures}
                unknown = [n for n in named if n not in parameters | captured and not takes_any]
            case FunctionNode(captures=captures, defaults=defaults):
                captured = {name for name, _ in captures}
                unknown = [name for name, _ in defaults if name not in parameters]
            case _:
                assert_never(node)
        if unknown:
            self._fail(node, f"{helper.id} has no parameter {_shown(unknown)}")
        if captured != set(helper.captures):
            self._fail(node, f"{helper.id} captures {_shown(helper.captures)}")

    def _cells_around(self, body: Helper | None) -> dict[NodeId, tuple[str, ...]]:
        """The cells of a body, and of those whose functions are around its function."""
        task = self.graph.task
        if body is None:
            return {DRIVER: self.graph.cells}
        owners = [(DRIVER, task.module, task.function, self.graph.cells)]
        owners += [(h.id, h.module, h.function, h.cells) for h in self.graph.helpers if h.cells]
        return {
            owner: cells
            for owner, module, function, cells in owners
            if owner == body.id
            or (module == body.module and body.function.startswith(f"{function}.<locals>."))
        }

    def _report(self, node: Node | None, faults: Iterable[str]) -> None:
        for fault in faults:
            self._fail(node, fault)

    def _fail(self, node: Node | None, fault: str) -> NoReturn:
        """Fail at a node, or where there is none at the end of the region."""
        place = self.graph.span if node is None else node.span
        where = "" if self.body is None else f" in {self.body.id} {self.body.name}"
        subject = "its interface, or the region's end" if node is None else f"node {node.id}"
        raise CompilerBug(
            f"invalid graph of {self.graph.task.name}{where} at {place}: {subject}: {fault}\n"
            + "\n".join(self._neighbourhood(node))
        )

    def _neighbourhood(self, node: Node | None) -> Iterator[str]:
        lines = [(each, f"{each.id} = {print_node(each)}") for each in self.region.nodes]
        at = next((i for i, (each, _) in enumerate(lines) if each is node), len(lines))
        for each, line in lines[max(0, at - NEIGHBOURS) : at + NEIGHBOURS + 1]:
            yield f"{'->' if each is node else '  '} {line}"
        if at + NEIGHBOURS >= len(lines):
            yield f"{'->' if node is None else '  '} {print_end(self.region.end)}"


def _place_inside(node: Node, held: Held, around: _Place) -> _Place:
    """What holds inside a region that a node holds."""
    if not held.may_leave:
        skipping = node if isinstance(node, MapNode) and node.kind is MapKind.GATHER else None
        return _Place(held=held, loop=skipping, may_return=False)
    is_turn = isinstance(node, LoopNode) and held.region is node.body
    loop = node if is_turn and isinstance(node, LoopNode) else around.loop
    return _Place(held=held, loop=loop, may_return=around.may_return)


def _names(variables: Variables) -> tuple[str, ...]:
    return tuple(name for name, _ in variables)


def _shown(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "nothing"


def _is_by_place(name: str) -> bool:
    """Whether an input is a positional argument by its number, or one that is unpacked."""
    return name in ("*", "**") or name.isdigit()
