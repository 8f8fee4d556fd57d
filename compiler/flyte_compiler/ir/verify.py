"""Whether a graph is well-formed: what every phase may rely on, and must leave so.

Run after each phase that makes a graph. A fault is ours, so it is a `CompilerBug`, and it shows
the node with its neighbourhood in the text form.
"""

from __future__ import annotations

import keyword
from collections.abc import Iterable
from typing import NoReturn, assert_never

from flyte_compiler.ir.model import (
    DynamicNode,
    FragmentForm,
    Input,
    Literal,
    Node,
    NodeId,
    Operand,
    Output,
    PackKind,
    PackNode,
    PythonNode,
    TaskGraph,
    TaskNode,
    TraceNode,
)
from flyte_compiler.ir.operands import named_operands, uses
from flyte_compiler.ir.text import print_node, print_operand
from flyte_compiler.source.bug import CompilerBug

NEIGHBOURS = 2
"""Nodes shown before and after a faulty one."""


def verify(graph: TaskGraph) -> None:
    """Check every invariant of the graph.

    Raises:
        CompilerBug: one doesn't hold; says which, where, and shows the nodes around.
    """
    _Verifier(graph).check()


class _Verifier:
    """One walk in program order: `earlier` holds the nodes already seen."""

    def __init__(self, graph: TaskGraph) -> None:
        self.graph = graph
        self.parameters = {parameter.name for parameter in graph.body.parameters}
        self.earlier: dict[NodeId, Node] = {}
        self.uses = uses(graph.body)

    def check(self) -> None:
        region = self.graph.body
        self._check_names(None, (parameter.name for parameter in region.parameters))
        for node in region.nodes:
            if node.id in self.earlier:
                self._fail(node, f"the id {node.id} is used twice")
            for _, operand in named_operands(node):
                self._check_operand(node, operand)
            self._check_node(node)
            self.earlier[node.id] = node
        if region.result is not None:
            self._check_operand(None, region.result)

    def _check_node(self, node: Node) -> None:
        match node:
            case TaskNode():
                self._check_call(node)
                self._check_names(node, (name for name, _ in node.overrides))
            case TraceNode():
                self._check_call(node)
            case PythonNode():
                self._check_python(node)
            case PackNode():
                self._check_pack(node)
            case DynamicNode():
                self._check_names(node, (name for name, _ in node.inputs))
                self._check_names(node, node.outputs)
            case _:
                assert_never(node)

    def _check_call(self, node: TaskNode | TraceNode) -> None:
        self._check_names(node, (name for name, _ in node.inputs))
        if len(node.inputs) != len(node.input_types):
            self._fail(node, f"{len(node.inputs)} inputs have {len(node.input_types)} types")

    def _check_python(self, node: PythonNode) -> None:
        self._check_names(node, (name for name, _ in node.inputs))
        self._check_names(node, node.outputs)
        self._check_names(node, node.global_names)
        if not node.source.strip():
            self._fail(node, "its source is empty")
        if node.form is FragmentForm.EXPRESSION and node.outputs:
            self._fail(node, "an expression leaves no variables behind")
        if node.indent.strip():
            self._fail(node, "its indent is not white space")

    def _check_pack(self, node: PackNode) -> None:
        if node.kind is not PackKind.GATHER:
            if node.return_exceptions:
                self._fail(node, "only a gather returns exceptions")
            return
        for element in node.elements:
            self._check_gathered(node, element)

    def _check_gathered(self, node: PackNode, element: Operand) -> None:
        shown = print_operand(element)
        if not isinstance(element, Output) or element.path:
            self._fail(node, f"it gathers {shown}, which is no call")
        if not isinstance(self.earlier[element.node], TaskNode | TraceNode):
            self._fail(node, f"it gathers {shown}, which is no call")
        if len(self.uses[element.node]) > 1:
            self._fail(node, f"{shown} is used elsewhere too, but a gather alone may await it")

    def _check_operand(self, user: Node | None, operand: Operand) -> None:
        match operand:
            case Literal():
                return
            case Input(name=name):
                if name not in self.parameters:
                    self._fail(user, f"there is no parameter {print_operand(operand)}")
            case Output():
                self._check_output(user, operand)
            case _:
                assert_never(operand)

    def _check_output(self, user: Node | None, operand: Output) -> None:
        producer = self.earlier.get(operand.node)
        shown = print_operand(operand)
        if producer is None:
            self._fail(user, f"{shown} is used before it is made")
        if not _is_valid_path(producer, operand.path):
            self._fail(user, f"{shown} is no part of what {producer.id} gives")

    def _check_names(self, node: Node | None, names: Iterable[str]) -> None:
        seen: set[str] = set()
        for name in names:
            if not name.isidentifier() or keyword.iskeyword(name):
                self._fail(node, f"`{name}` is not a name")
            if name in seen:
                self._fail(node, f"the name `{name}` stands twice")
            seen.add(name)

    def _fail(self, node: Node | None, fault: str) -> NoReturn:
        place = self.graph.span if node is None else node.span
        subject = "its interface or result" if node is None else f"node {node.id}"
        raise CompilerBug(
            f"invalid graph of {self.graph.task.name} at {place}: {subject}: {fault}\n"
            + "\n".join(self._neighbourhood(node))
        )

    def _neighbourhood(self, node: Node | None) -> Iterable[str]:
        nodes = self.graph.body.nodes
        at = len(nodes) - 1 if node is None else next(i for i, n in enumerate(nodes) if n is node)
        for index in range(max(0, at - NEIGHBOURS), min(len(nodes), at + NEIGHBOURS + 1)):
            mark = "->" if nodes[index] is node else "  "
            yield f"{mark} {nodes[index].id} = {print_node(nodes[index])}"


def _is_valid_path(producer: Node, path: tuple[str | int, ...]) -> bool:
    """Whether a node gives that part: variables of fragments, indices of values."""
    match producer:
        case TaskNode() | TraceNode():
            return all(isinstance(part, int) for part in path)
        case PackNode():
            return path == () or (
                all(isinstance(part, int) for part in path) and path[0] in range(_size(producer))
            )
        case PythonNode(form=FragmentForm.EXPRESSION):
            return path == ()
        case PythonNode() | DynamicNode():
            return len(path) == 1 and path[0] in producer.outputs
        case _:
            assert_never(producer)


def _size(pack: PackNode) -> int:
    return len(pack.elements)
