"""Loops that are maps. What a rewritten graph does in program order is what it did before.

**Gathers over a comprehension**: `gather(*[t(x) for x in xs])`. The loop collects deferred calls,
and nobody but the gather, which is the very next node, takes what it collected. The map has the
loop's id and place. A filter leaves elements out of both.

**Append, then gather**: `tasks = []`, a loop whose turns each call `tasks.append(t(x))` once, and
`gather(*tasks)` as the very next node; nobody else takes the list. The list itself goes.

**Statements**: a `for`, or a comprehension, whose turns don't depend on each other:

* it carries no variable, has no `else`, and no turn leaves it early;
* what it goes over is a builtin that is this driver's own, which no turn changes;
* its calls are tasks' whose results are used and aren't None, deferred ones only within a gather;
* its fragments are pure or local, decide nothing, and look at no object that a turn changes:
  appending to a list and setting an entry of a dict is all that turns may do to what they share.

A gather of either kind that can't be a map still learns its type from the calls in the loop.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from flyte_compiler.ir.annotations import exception_or, pack_type
from flyte_compiler.ir.leaves import (
    FragmentForm,
    FragmentKind,
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
    Collected,
    Continue,
    End,
    LoopKind,
    LoopNode,
    MapKind,
    MapNode,
    Node,
    Region,
    TaskGraph,
    Yield,
)
from flyte_compiler.ir.operands import Use, uses_of_nodes
from flyte_compiler.ir.rewrites.kinds import Kinds
from flyte_compiler.ir.rewrites.rebuild import with_operands, with_regions
from flyte_compiler.ir.values import VALUE, Literal, NodeId, Operand, Output
from flyte_compiler.ir.walk import nodes_in, regions_of

_NONE = frozenset({"None", "NoReturn", "Never"})
_CALL_OF_APPEND = "(__c0)((__c1))"

Deferred = TaskNode | TraceNode | HelperNode


def make_maps(graph: TaskGraph, found: Kinds) -> TaskGraph:
    """The graph with the loops that are maps as maps; its fragments' kinds are set."""
    rewrite = _Rewrite(found, uses_of_nodes(graph))
    return with_operands(with_regions(graph, rewrite.region), rewrite.renamed)


class _Rewrite:
    """One pass over regions, inner ones first; operands keep their old names until its end."""

    def __init__(self, found: Kinds, uses: Mapping[NodeId, tuple[Use, ...]]) -> None:
        self._found = found
        self._uses = uses
        self._values: dict[NodeId, NodeId] = {}
        """Nodes whose value is another's now: gathers, by the maps that they became; maps made
        of comprehensions by themselves, since a map's value is no part of it."""

    def renamed(self, operand: Operand) -> Operand:
        """What an operand of the old graph is called in the new one."""
        if not isinstance(operand, Output) or operand.node not in self._values:
            return operand
        path = operand.path[1:] if operand.path[:1] == (VALUE,) else operand.path
        return Output(self._values[operand.node], path)

    def region(self, region: Region) -> Region:
        nodes: list[Node] = []
        for node in region.nodes:
            before = nodes[-1] if nodes else None
            if not isinstance(node, PackNode) or node.kind is not PackKind.GATHER:
                nodes.append(node)
            elif not isinstance(before, LoopNode):
                nodes.append(_typed(node, nodes))
            elif (made := self._collected_gather(before, node)) is not None:
                nodes[-1] = made
            elif (rest := self._appended_gather(nodes, before, node)) is not None:
                nodes = rest
            else:
                nodes.append(_typed(node, nodes))
        return replace(region, nodes=tuple(map(self._statements, nodes)))

    # Gathers ---------------------------------------------------------------------------------

    def _collected_gather(self, loop: LoopNode, gather: PackNode) -> MapNode | None:
        collected = Output(loop.id, (VALUE,))
        if gather.elements != (collected,) or gather.unpacked != (0,):
            return None
        if loop.collected is not Collected.LIST or len(self._uses.get(loop.id, ())) != 1:
            return None
        call = _yielded_call(loop.body)
        if call is None or not _is_plain(loop, may_skip=True):
            return None
        return self._gather_map(loop, gather, loop.body, call)

    def _gather_map(
        self, loop: LoopNode, gather: PackNode, body: Region, call: Deferred
    ) -> MapNode:
        assert loop.iterable is not None, "a `for` has an iterable"
        options: tuple[tuple[str, Operand], ...] = ()
        if gather.return_exceptions != Literal(False):
            options = (("return_exceptions", gather.return_exceptions),)
        self._values[gather.id] = loop.id
        return MapNode(
            id=loop.id,
            kind=MapKind.GATHER,
            iterables=(loop.iterable,),
            body=body,
            options=options,
            is_async=False,
            start=gather.start,
            collected=Collected.LIST,
            label=loop.label,
            type=_gathered_type(gather, call.type),
            span=gather.span,
        )

    def _appended_gather(
        self, nodes: Sequence[Node], loop: LoopNode, gather: PackNode
    ) -> list[Node] | None:
        """The nodes before a gather and the gather, where it gathers what a loop appended."""
        match gather:
            case PackNode(
                elements=(Output(node=made_by, path=(str(name),)) as tasks,), unpacked=(0,)
            ):
                pass
            case _:
                return None
        maker = next((node for node in nodes if node.id == made_by), None)
        if not isinstance(maker, PythonNode) or not _makes_empty_list(maker, name):
            return None
        uses = [use for use in self._uses.get(made_by, ()) if use.operand == tasks]
        appended = self._appended(loop, tasks)
        if appended is None or len(uses) != 2 or not _is_plain(loop, may_skip=True):
            return None
        body, call = appended
        without = [*nodes[:-1], self._gather_map(loop, gather, body, call)]
        return _without_variable(without, maker, name)

    def _appended(self, loop: LoopNode, tasks: Operand) -> tuple[Region, Deferred] | None:
        """A loop's body without its only `tasks.append(call)`, and that call."""
        if loop.collected is not Collected.NOTHING:
            return None
        by_id = {node.id: node for node in loop.body.nodes}
        for last in loop.body.nodes:
            found = _append_of(last, by_id, tasks)
            if found is None:
                continue
            called, gone = found
            call = by_id.get(called)
            if not isinstance(call, Deferred) or call.start is not Start.DEFERRED:
                continue
            if any(len(self._uses.get(each, ())) > 1 for each in (called, *gone)):
                continue
            kept = tuple(node for node in loop.body.nodes if node.id not in gone)
            return Region(nodes=kept, end=Yield(variables=(), value=Output(called))), call
        return None

    # Statements ------------------------------------------------------------------------------

    def _statements(self, node: Node) -> Node:
        if not isinstance(node, LoopNode) or not self._is_independent(node):
            return node
        assert node.iterable is not None, "a `for` has an iterable"
        if node.collected is not Collected.NOTHING:
            self._values[node.id] = node.id
        return MapNode(
            id=node.id,
            kind=MapKind.STATEMENTS,
            iterables=(node.iterable,),
            body=node.body,
            options=(),
            is_async=False,
            start=Start.IN_PLACE,
            collected=node.collected,
            label=node.label,
            type=node.type,
            span=node.span,
        )

    def _is_independent(self, loop: LoopNode) -> bool:
        if not _is_plain(loop) or loop.id not in self._found.quiet:
            return False
        if loop.collected not in (Collected.NOTHING, Collected.LIST):
            return False
        nodes = tuple(nodes_in(loop.body))
        if not any(isinstance(node, TaskNode) for node in nodes):
            return False
        if not all(map(self._may_overlap, nodes)):
            return False
        changed = frozenset[str]().union(*(self._found.changed.get(n.id, ()) for n in nodes))
        read = (self._found.read.get(node.id, frozenset()) for node in (loop, *nodes))
        return all(changed.isdisjoint(groups) for groups in read)

    def _may_overlap(self, node: Node) -> bool:
        match node:
            case TaskNode(start=Start.IN_PLACE):
                return node.id in self._uses and node.type not in _NONE
            case TaskNode():
                return self._is_gathered(node.id)
            case PythonNode(kind=FragmentKind.PURE | FragmentKind.LOCAL):
                return not node.decides
            case PackNode():
                return node.start is Start.IN_PLACE
            case MapNode(kind=kind):
                return kind is not MapKind.MAP and node.start is Start.IN_PLACE
            case BranchNode():
                return True
            case LoopNode(kind=kind):
                return kind is not LoopKind.ASYNC_FOR
            case _:
                return False

    def _is_gathered(self, call: NodeId) -> bool:
        """Whether a deferred call is awaited by a gather, and by nothing else."""
        (use, *others) = self._uses.get(call, (None,))
        return use is not None and not others and use.user in self._gathers()

    def _gathers(self) -> frozenset[NodeId]:
        return frozenset(self._values) | frozenset(self._values.values())


# What loops are ------------------------------------------------------------------------------


def _is_plain(loop: LoopNode, *, may_skip: bool = False) -> bool:
    """Whether it is a `for` that carries nothing, and that no turn leaves, unless it may skip to
    the next element."""
    if loop.kind is not LoopKind.FOR or loop.carried or loop.orelse is not None:
        return False
    allowed = (Yield, Continue) if may_skip else (Yield,)
    return all(isinstance(end, allowed) for end in _ends(loop.body))


def _ends(region: Region) -> Iterator[End]:
    yield region.end
    for node in region.nodes:
        for inner in regions_of(node):
            yield from _ends(inner)


def _yielded_call(body: Region) -> Deferred | None:
    """The deferred call that a body yields, where no filter leaves the element out."""
    match body.end:
        case Yield(variables=(), value=Output(node=given, path=())):
            for node in body.nodes:
                if node.id == given and isinstance(node, Deferred):
                    return node if node.start is Start.DEFERRED else None
        case Yield(variables=(), value=Output(node=given, path=(name,))) if name == VALUE:
            for node in body.nodes:
                if node.id == given and isinstance(node, BranchNode):
                    kept = [arm.body for arm in node.arms if isinstance(arm.body.end, Yield)]
                    return _yielded_call(kept[0]) if len(kept) == 1 else None
        case _:
            pass
    return None


def _append_of(
    node: Node, around: Mapping[NodeId, Node], tasks: Operand
) -> tuple[NodeId, frozenset[NodeId]] | None:
    """The call that a node appends to the list, and the nodes that do so: it is in one piece, or
    `tasks.append` was looked up before the call's arguments."""
    match node:
        case PythonNode(
            form=FragmentForm.STATEMENTS,
            source=source,
            outputs=(),
            inputs=(("__c0", Output(node=first, path=())), (name, second)),
        ):
            pass
        case _:
            return None
    if source == f"{name}.append((__c0))" and second == tasks:
        return first, frozenset({node.id})
    if source != _CALL_OF_APPEND or not isinstance(second, Output) or second.path:
        return None
    if not _is_append(around.get(first), tasks):
        return None
    return second.node, frozenset({node.id, first})


def _is_append(node: Node | None, tasks: Operand) -> bool:
    match node:
        case PythonNode(form=FragmentForm.EXPRESSION, source=source, inputs=((name, given),)):
            return given == tasks and source == f"{name}.append"
        case _:
            return False


def _makes_empty_list(node: PythonNode, name: str) -> bool:
    """Whether a fragment binds a name once, to an empty list, and doesn't name it again."""
    tree = _statements_of(node)
    names = [n for s in tree for n in ast.walk(s) if isinstance(n, ast.Name) and n.id == name]
    return len(names) == 1 and any(_is_empty_list(statement, name) for statement in tree)


def _is_empty_list(statement: ast.stmt, name: str) -> bool:
    match statement:
        case (
            ast.Assign(targets=[ast.Name(id=bound)], value=ast.List(elts=[]))
            | ast.AnnAssign(target=ast.Name(id=bound), value=ast.List(elts=[]))
        ):
            return bound == name
        case _:
            return False


def _statements_of(node: PythonNode) -> list[ast.stmt]:
    try:
        whole = ast.parse(f"async def fragment():\n{node.indent or ' '}{node.source}\n").body[0]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    return whole.body if isinstance(whole, ast.AsyncFunctionDef) else []


def _without_variable(nodes: Iterable[Node], maker: PythonNode, name: str) -> list[Node]:
    """The nodes, of which one no longer gives a variable that nobody takes."""
    if len(_statements_of(maker)) == 1:
        return [node for node in nodes if node.id != maker.id]
    rest = replace(maker, outputs=tuple(each for each in maker.outputs if each != name))
    return [rest if node.id == maker.id else node for node in nodes]


# Types ---------------------------------------------------------------------------------------


def _typed(gather: PackNode, nodes: Sequence[Node]) -> PackNode:
    """A gather over what a loop collected, with the type that the calls say."""
    match gather:
        case PackNode(
            type=None, elements=(Output(node=made_by, path=(str(part),)),), unpacked=(0,)
        ):
            loop = next((node for node in nodes if node.id == made_by), None)
            if part == VALUE and isinstance(loop, LoopNode):
                return replace(gather, type=_gathered_type(gather, _given_type(loop.body)))
        case _:
            pass
    return gather


def _given_type(body: Region) -> str | None:
    """What the call gives that a body yields, maybe out of a branch."""
    if (call := _yielded_call(body)) is not None:
        return call.type
    match body.end:
        case Yield(value=Output(node=given, path=(str(part),))) if part == VALUE:
            branch = next((node for node in body.nodes if node.id == given), None)
        case _:
            return None
    if not isinstance(branch, BranchNode):
        return None
    types = {_given_type(arm.body) for arm in branch.arms if isinstance(arm.body.end, Yield)}
    return types.pop() if len(types) == 1 else None


def _gathered_type(gather: PackNode, given: str | None) -> str | None:
    if gather.return_exceptions != Literal(False):
        given = exception_or(given)
    return pack_type(PackKind.GATHER, (given,))
