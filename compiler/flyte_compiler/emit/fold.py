"""Fold what a reader of the code doesn't think of: `fold(graph)` says what gets no box.

Values pass through a folded node: who takes its value takes, in the picture, what it took.
Folded are waits, packs that feed one place, moves (`a, b = pair`), constants, prints, and
expressions that are an argument, a test, an iterable or a context manager. Fragments that follow
each other share one box.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from flyte_compiler.emit.wording import is_flattening
from flyte_compiler.ir.leaves import (
    AwaitNode,
    FragmentForm,
    FragmentKind,
    HelperNode,
    PackKind,
    PackNode,
    PythonNode,
    TaskNode,
    TraceNode,
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
from flyte_compiler.ir.operands import Use, uses_of_nodes
from flyte_compiler.ir.values import NodeId
from flyte_compiler.ir.walk import all_nodes, nodes_in, regions_of

ARGUMENT = 30
"""Characters of an expression that is shown inside the call that takes it."""
CROWD = 6
"""The most arrows that a folded pack may leave in its place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Folding:
    """What gets no box of its own."""

    hidden: frozenset[NodeId]
    arguments: Mapping[NodeId, tuple[tuple[str, str], ...]]
    """By call: the arguments that are short expressions, as written."""
    merged: Mapping[NodeId, tuple[PythonNode, ...]]
    """By the first fragment of a run: all of them."""
    hosts: Mapping[NodeId, NodeId]
    """The node whose box a fragment shares, of those that share one."""


def fold(graph: TaskGraph) -> Folding:
    """What of a graph gets no box."""
    nodes = {node.id: node for node in all_nodes(graph)}
    uses = uses_of_nodes(graph)
    arguments: dict[NodeId, list[tuple[str, str]]] = {}
    hidden = set(_tests(nodes.values()))
    for node in nodes.values():
        used = uses.get(node.id, ())
        user = nodes.get(used[0].user) if len(used) == 1 and used[0].user is not None else None
        if isinstance(node, PythonNode) and node.runs:
            continue  # tasks are called in it
        if _is_plumbing(node, used) or _is_shown_by(node, user):
            hidden.add(node.id)
        elif isinstance(node, PythonNode) and _is_argument(node, user):
            hidden.add(node.id)
            arguments.setdefault(used[0].user or node.id, []).append(
                (used[0].name, node.source.strip())
            )
    merged = dict(_runs_in_graph(graph, hidden))
    return Folding(
        hidden=frozenset(hidden),
        arguments={call: tuple(found) for call, found in arguments.items()},
        merged=merged,
        hosts={part.id: first for first, run in merged.items() for part in run},
    )


def _tests(nodes: Iterable[Node]) -> Iterator[NodeId]:
    """Fragments of a loop's test and of what a handler matches: the labels say them."""
    for node in nodes:
        told: list[Region | None] = []
        if isinstance(node, LoopNode):
            told.append(node.test)
        elif isinstance(node, TryNode):
            told.extend(handler.types for handler in node.handlers)
        for region in told:
            if region is not None:
                yield from (n.id for n in nodes_in(region) if isinstance(n, PythonNode | PackNode))


def _is_plumbing(node: Node, used: Sequence[Use]) -> bool:
    match node:
        case AwaitNode():
            return True
        case PackNode(kind=PackKind.GATHER, elements=elements):
            return len(elements) <= 1
        case PackNode(elements=elements):
            return len(elements) * len(used) <= max(CROWD, len(elements))
        case PythonNode(kind=FragmentKind.OUTPUT):
            return not used
        case PythonNode(decides=False):
            return is_move(node.source, node.form) or is_flattening(node.source)
        case _:
            return False


def _is_shown_by(node: Node, user: Node | None) -> bool:
    """Whether the one user's own label says it: a test, an iterable, a manager."""
    if not isinstance(node, PythonNode) or node.form is not FragmentForm.EXPRESSION:
        return False
    return isinstance(user, BranchNode | LoopNode | MapNode | WithNode)


def _is_argument(node: PythonNode, user: Node | None) -> bool:
    return (
        isinstance(user, TaskNode | TraceNode | HelperNode)
        and node.form is FragmentForm.EXPRESSION
        and len(node.source) <= ARGUMENT
        and "\n" not in node.source
    )


def is_move(source: str, form: FragmentForm) -> bool:
    """Whether a fragment only names, takes apart or hands on values, or is a constant."""
    try:
        body = ast.parse(source.strip()).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    if form is FragmentForm.EXPRESSION:
        return len(body) == 1 and isinstance(body[0], ast.Expr) and _is_plain(body[0].value)
    return all(map(_moves, body))


def _moves(statement: ast.stmt) -> bool:
    match statement:
        case ast.Pass() | ast.Import() | ast.ImportFrom() | ast.Expr(value=ast.Constant()):
            return True
        case ast.Assign(targets=targets, value=value):
            return all(map(_is_target, targets)) and _is_plain(value)
        case ast.AnnAssign(target=ast.Name(), value=value):
            return value is None or _is_plain(value)
        case _:
            return False


def _is_target(target: ast.expr) -> bool:
    match target:
        case ast.Name():
            return True
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            return all(map(_is_target, parts))
        case ast.Starred(value=value):
            return _is_target(value)
        case _:
            return False


def _is_plain(value: ast.expr) -> bool:
    match value:
        case ast.Name() | ast.Constant():
            return True
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            return all(map(_is_plain, parts))
        case ast.Dict(keys=[]):
            return True
        case ast.Subscript(value=inner, slice=ast.Constant()) | ast.Attribute(value=inner):
            return _is_plain(inner)
        case _:
            return False


def _runs_in_graph(
    graph: TaskGraph, hidden: set[NodeId]
) -> Iterator[tuple[NodeId, tuple[PythonNode, ...]]]:
    for region in (graph.body, *(helper.body for helper in graph.helpers)):
        yield from _runs(region, hidden)


def _runs(region: Region, hidden: set[NodeId]) -> Iterator[tuple[NodeId, tuple[PythonNode, ...]]]:
    """Fragments with nothing to show between them, two or more."""
    run: list[PythonNode] = []
    for node in region.nodes:
        if node.id in hidden:
            continue
        if isinstance(node, PythonNode) and not (is_raise(node) or node.runs):
            run.append(node)
            continue
        if len(run) > 1:
            yield run[0].id, tuple(run)
        run = []
        for inner in regions_of(node):
            yield from _runs(inner, hidden)
    if len(run) > 1:
        yield run[0].id, tuple(run)


def is_raise(node: PythonNode) -> bool:
    """Whether a fragment is a `raise` of the program's own."""
    return node.decides and node.source.lstrip().startswith("raise")
