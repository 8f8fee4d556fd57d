"""Edges, derived from operands: what flows into each node, and the types at the boundary.

A *boundary* is the pair of what the producer declares and what the callee's annotation
expects; either side is None where the source doesn't say.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from flyte_compiler.ir.model import (
    DynamicNode,
    Input,
    Literal,
    Node,
    NodeId,
    Operand,
    Output,
    PackKind,
    PackNode,
    PythonNode,
    Region,
    TaskNode,
    TraceNode,
)
from flyte_compiler.ir.operands import named_operands

ERROR = "BaseException"
"""What a gather gives in place of a result, where it returns exceptions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A value that flows from a node, or from a parameter of the region, into a node."""

    source: NodeId | Input
    path: tuple[str | int, ...]
    """The part of the source's value."""
    target: NodeId
    name: str
    """What the target takes it as: argument, variable, option, or index of a pack."""
    provided: str | None
    expected: str | None


def edges(region: Region) -> tuple[Edge, ...]:
    """One edge for each operand that isn't a literal, in program order."""
    nodes = {node.id: node for node in region.nodes}
    parameters = {parameter.name: parameter.type for parameter in region.parameters}
    found: list[Edge] = []
    for node in region.nodes:
        expectations = _expectations(node)
        for index, (name, operand) in enumerate(named_operands(node)):
            if isinstance(operand, Literal):
                continue
            found.append(
                Edge(
                    source=operand if isinstance(operand, Input) else operand.node,
                    path=() if isinstance(operand, Input) else operand.path,
                    target=node.id,
                    name=name,
                    provided=_provided(operand, nodes, parameters),
                    expected=expectations[index],
                )
            )
    return tuple(found)


def operand_type(region: Region, operand: Operand) -> str | None:
    """What the source declares of an operand's value; None where it says nothing."""
    nodes = {node.id: node for node in region.nodes}
    parameters = {parameter.name: parameter.type for parameter in region.parameters}
    return _provided(operand, nodes, parameters)


def tuple_elements(annotation: str | None) -> tuple[str, ...] | None:
    """The element annotations of `tuple[A, B]`; None for all else, `tuple[A, ...]` too."""
    try:
        tree = ast.parse(annotation or "", mode="eval").body
    except (SyntaxError, ValueError):
        return None
    if isinstance(tree, ast.Constant) and isinstance(tree.value, str):
        return tuple_elements(tree.value)
    if not isinstance(tree, ast.Subscript) or not _names_tuple(tree.value):
        return None
    inner = tree.slice
    elements = inner.elts if isinstance(inner, ast.Tuple) else [inner]
    if any(isinstance(e, ast.Starred) or _is_ellipsis(e) for e in elements):
        return None
    return tuple(ast.unparse(element) for element in elements)


def _names_tuple(tree: ast.expr) -> bool:
    match tree:
        case ast.Name(id="tuple" | "Tuple") | ast.Attribute(attr="Tuple"):
            return True
        case _:
            return False


def _is_ellipsis(tree: ast.expr) -> bool:
    return isinstance(tree, ast.Constant) and tree.value is ...


def _expectations(node: Node) -> tuple[str | None, ...]:
    """The annotation that each of `named_operands` meets."""
    match node:
        case TaskNode():
            return (None,) * len(node.overrides) + node.input_types
        case TraceNode():
            return node.input_types
        case PythonNode() | PackNode() | DynamicNode():
            return (None,) * len(named_operands(node))


def _provided(
    operand: Operand, nodes: Mapping[NodeId, Node], parameters: Mapping[str, str | None]
) -> str | None:
    match operand:
        case Literal(value=value):
            return "None" if value is None else type(value).__name__
        case Input(name=name):
            return parameters.get(name)
        case Output(node=node, path=()):
            producer = nodes[node]
            return None if isinstance(producer, DynamicNode) else producer.type
        case Output(node=node, path=(int(index), *rest)):
            return _part(nodes, parameters, nodes[node], index) if not rest else None
        case Output():
            return None


def _part(
    nodes: Mapping[NodeId, Node], parameters: Mapping[str, str | None], node: Node, index: int
) -> str | None:
    match node:
        case PackNode(elements=elements) if index < len(elements):
            whole = _provided(elements[index], nodes, parameters)
            return exception_or(whole) if node.return_exceptions else whole
        case TaskNode(type=declared) | TraceNode(type=declared):
            parts = tuple_elements(declared)
            return parts[index] if parts is not None and index < len(parts) else None
        case _:
            return None


def exception_or(declared: str | None) -> str | None:
    """What an element of a gather is that hands exceptions back as values."""
    return None if declared is None else f"{declared} | {ERROR}"


def pack_type(kind: PackKind, elements: tuple[str | None, ...]) -> str | None:
    """The type of a pack whose elements have these types; None where one is unknown."""
    known = tuple(element for element in elements if element is not None)
    if len(known) < len(elements) or not known:
        return None
    match kind:
        case PackKind.TUPLE:
            return f"tuple[{', '.join(known)}]"
        case PackKind.LIST | PackKind.GATHER:
            return f"list[{_union(known)}]"


def _union(types: tuple[str, ...]) -> str:
    members = dict.fromkeys(member for each in types for member in _members(each))
    errors = [member for member in members if member == ERROR]
    return " | ".join([*(member for member in members if member != ERROR), *errors])


def _members(written: str) -> list[str]:
    """The members of a union as written, brackets left whole."""
    members, depth = [""], 0
    for part in written.split(" | "):
        members[-1] += part
        depth += part.count("[") - part.count("]")
        if depth == 0:
            members.append("")
        else:
            members[-1] += " | "
    return [member for member in members if member]
