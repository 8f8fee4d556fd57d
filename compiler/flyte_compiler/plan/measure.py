"""How large a graph is, how long its longest path, how much of it can run at once.

What is counted is what source says: a loop's body once, a map's body once, a helper's actions
once, where it is first called. A branch is as deep as its deepest arm. No call starts past an
undecided condition, nor past an effect that hasn't happened (`plan.order`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias, assert_never

from flyte_compiler.ir.edges import edges
from flyte_compiler.ir.leaves import (
    AwaitNode,
    DynamicNode,
    FragmentKind,
    FunctionNode,
    HelperNode,
    PackNode,
    PythonNode,
    Start,
    TaskNode,
    TraceNode,
    YieldNode,
)
from flyte_compiler.ir.model import (
    BranchNode,
    LoopNode,
    MapNode,
    Node,
    Region,
    TaskGraph,
    TryNode,
    WithNode,
)
from flyte_compiler.ir.operands import end_operands, operands
from flyte_compiler.ir.values import NodeId, Operand, Output
from flyte_compiler.ir.walk import all_nodes, nodes_in
from flyte_compiler.plan.order import effects


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """The size and shape of one driver's graph, its helpers included.

    An action here is a call of a task or a trace. What a `DynamicNode` calls is known at run time
    only, and counts as nothing.
    """

    actions: int
    """Places in source that call a task or a trace."""
    nodes: int
    edges: int
    depth: int
    """Actions on the longest path."""
    width: int
    """The most actions on one level: a level holds the actions whose longest path up to and
    including themselves has the same number of actions. So it is how many run at once, at
    least, where every action takes equally long and starts as soon as it may. Of a branch, the
    arm that has more of them counts."""
    critical_path: tuple[NodeId, ...] = ()
    """The actions on one longest path, in order, each once."""


def measure(graph: TaskGraph) -> Measure:
    """Measure one graph."""
    nodes = list(all_nodes(graph))
    population: Population = Counter()
    longest = _Walk(graph).run(graph.body, _NOTHING, population).latest
    return Measure(
        actions=_actions(graph),
        nodes=len(nodes),
        edges=len(edges(graph)),
        depth=longest.length,
        width=max(population.values(), default=0),
        critical_path=tuple(dict.fromkeys(longest.actions())),
    )


def _actions(graph: TaskGraph) -> int:
    """The calls of tasks and traces: a helper's count wherever it is called, and once if it is
    only handed on; a call of itself adds nothing."""
    bodies = {helper.id: list(nodes_in(helper.body)) for helper in graph.helpers}
    known: dict[NodeId, int] = {}

    def count(nodes: Iterable[Node]) -> int:
        return sum(map(of, nodes))

    def of(node: Node) -> int:
        match node:
            case TaskNode() | TraceNode():
                return 1
            case HelperNode(helper=helper):
                if helper not in known:
                    known[helper] = 0
                    known[helper] = count(bodies[helper])
                return known[helper]
            case _:
                return 0

    called = count(nodes_in(graph.body))
    return called + sum(count(body) for helper, body in bodies.items() if helper not in known)


Population: TypeAlias = Counter[int]
"""How many actions each level holds."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Path:
    """A longest path of actions, as its last part and what came before."""

    length: int
    action: NodeId | None = None
    inside: _Path | None = None
    """The path through a helper's body, where it ends in a call of one."""
    before: _Path | None = None

    def actions(self) -> Iterator[NodeId]:
        """In order. A helper's stand where it is first called, and nowhere else."""
        found: list[NodeId] = []
        waiting: list[_Path] = [self]
        entered: set[int] = set()
        while waiting:
            path = waiting.pop()
            if path.action is not None:
                found.append(path.action)
            if path.before is not None:
                waiting.append(path.before)
            if path.inside is not None and id(path.inside) not in entered:
                entered.add(id(path.inside))
                waiting.append(path.inside)
        return reversed(found)


_NOTHING = _Path(length=0)
_LEVELS = 1_000
"""Helpers with more levels don't count for the width: calls by calls are exponentially many."""


def _longest(*paths: _Path) -> _Path:
    """The first of the longest, so that the answer doesn't depend on anything but source."""
    return max(paths, key=lambda path: path.length)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Passed:
    """How far a region takes."""

    latest: _Path
    """The longest path to anything in it."""
    decided: _Path
    """What later calls have to wait for: its conditions and effects."""


class _Walk:
    """Walks regions in program order, with the longest path to each node's value."""

    def __init__(self, graph: TaskGraph) -> None:
        self.effects = effects(graph)
        self.helpers = {helper.id: helper.body for helper in graph.helpers}
        self.finished: dict[NodeId, _Path] = {}
        self.deferred: dict[NodeId, Node] = {}
        """Calls put off, and not yet started."""
        self.measured: dict[NodeId, _Path] = {}
        """Helpers, from their own beginning."""
        self.populations: dict[NodeId, Population] = {}
        """The levels of helpers, from their own beginning."""

    def run(self, region: Region, start: _Path, population: Population) -> _Passed:
        decided = latest = start
        for node in region.nodes:
            begin = _longest(decided, latest) if self._keeps_place(node) else decided
            passed = self._pass(node, begin, population)
            self.finished[node.id] = passed.latest
            if node.id in self.deferred:
                continue
            latest = _longest(latest, passed.latest)
            if node.id in self.effects or (isinstance(node, PythonNode) and node.decides):
                decided = _longest(decided, passed.latest)
            elif not isinstance(node, PythonNode):  # Output comes late, and holds nothing up.
                decided = _longest(decided, passed.decided)
        ends = [self._ready(o, decided, population) for _, o in end_operands(region.end)]
        return _Passed(latest=_longest(latest, *ends), decided=decided)

    def _keeps_place(self, node: Node) -> bool:
        is_output = isinstance(node, PythonNode) and node.kind is FragmentKind.OUTPUT
        return is_output or node.id in self.effects

    def _pass(self, node: Node, begin: _Path, population: Population) -> _Passed:
        if _is_deferred(node):
            # What it takes is a snapshot; a gather's members wait with it for who awaits them.
            taken = () if isinstance(node, PackNode) else operands(node)
            ready = [self._ready(operand, begin, population) for operand in taken]
            self.deferred[node.id] = node
            return _Passed(latest=_longest(begin, *ready), decided=begin)
        ready = [self._ready(operand, begin, population) for operand in operands(node)]
        return self._start(node, begin, _longest(begin, *ready), population)

    def _ready(self, operand: Operand, begin: _Path, population: Population) -> _Path:
        """When a value is there; a call that was put off starts for it."""
        if not isinstance(operand, Output):
            return begin
        node = self.deferred.pop(operand.node, None)
        if node is not None:
            ready = _longest(begin, self.finished[node.id])
            if isinstance(node, PackNode):
                members = [self._ready(member, begin, population) for member in operands(node)]
                ready = _longest(ready, *members)
            self.finished[node.id] = self._start(node, begin, ready, population).latest
        return self.finished.get(operand.node, begin)

    def _start(self, node: Node, begin: _Path, ready: _Path, population: Population) -> _Passed:
        match node:
            case TaskNode() | TraceNode():
                population[ready.length + 1] += 1
                path = _Path(length=ready.length + 1, action=node.id, before=ready)
                return _Passed(latest=path, decided=begin)
            case HelperNode(helper=helper):
                return _Passed(latest=self._call(helper, ready, population), decided=begin)
            case BranchNode():
                return self._branch(node, ready, population)
            case LoopNode():
                return self._loop(node, ready, population)
            case MapNode(body=body) | WithNode(body=body):
                return self.run(body, ready, population)
            case TryNode():
                return self._try(node, ready, population)
            case PythonNode(runs=runs):
                ran = [self._call(helper, ready, population) for helper in runs]
                return _Passed(latest=_longest(ready, *ran), decided=begin)
            case PackNode() | AwaitNode() | YieldNode():
                return _Passed(latest=ready, decided=begin)
            case FunctionNode() | DynamicNode():
                return _Passed(latest=ready, decided=begin)
            case _:
                assert_never(node)

    def _call(self, helper: NodeId, ready: _Path, population: Population) -> _Path:
        if helper not in self.measured:
            self.measured[helper] = _NOTHING  # A call of itself adds nothing while it is measured.
            inside: Population = Counter()
            self.measured[helper] = self.run(self.helpers[helper], _NOTHING, inside).latest
            self.populations[helper] = inside
        path = self.measured[helper]
        levels = self.populations.get(helper, Counter())
        if len(levels) <= _LEVELS:
            for level, actions in levels.items():
                population[ready.length + level] += actions
        return _Path(length=ready.length + path.length, inside=path, before=ready)

    def _branch(self, node: BranchNode, ready: _Path, population: Population) -> _Passed:
        widest: Population = Counter()
        passed: list[_Passed] = []
        for arm in node.arms:
            inside: Population = Counter()
            passed.append(self.run(arm.body, ready, inside))
            widest |= inside
        population.update(widest)
        return _together(passed)

    def _loop(self, node: LoopNode, ready: _Path, population: Population) -> _Passed:
        passed = _Passed(latest=ready, decided=ready)
        if node.test is not None:
            tested = self.run(node.test, ready, population).latest
            passed = _Passed(latest=tested, decided=tested)
        body = self.run(node.body, passed.decided, population)
        if node.orelse is None:
            return _together((passed, body))
        after = self.run(node.orelse, body.latest, population)
        return _together((passed, body, after))

    def _try(self, node: TryNode, ready: _Path, population: Population) -> _Passed:
        """An exception may come at the end of the body, and be handled after it."""
        body = self.run(node.body, ready, population)
        passed = [body]
        matched = body.latest
        for handler in node.handlers:
            if handler.types is not None:
                matched = self.run(handler.types, matched, population).latest
            passed.append(self.run(handler.body, matched, population))
        if node.orelse is not None:
            passed.append(self.run(node.orelse, body.latest, population))
        if node.final is not None:
            passed.append(self.run(node.final, _together(passed).latest, population))
        return _together(passed)


def _is_deferred(node: Node) -> bool:
    match node:
        case TaskNode() | TraceNode() | HelperNode() | PackNode() | MapNode():
            return node.start is Start.DEFERRED
        case _:
            return False


def _together(passed: list[_Passed] | tuple[_Passed, ...]) -> _Passed:
    return _Passed(
        latest=_longest(*(each.latest for each in passed)),
        decided=_longest(*(each.decided for each in passed)),
    )
