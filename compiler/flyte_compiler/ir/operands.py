"""Where a node's values come from, and who uses a node's value.

Operands are listed in the order in which the node's source evaluates them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never

from flyte_compiler.ir.model import (
    DynamicNode,
    Node,
    NodeId,
    Operand,
    Output,
    PackNode,
    PythonNode,
    Region,
    TaskNode,
    TraceNode,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One place where an operand stands."""

    user: NodeId | None
    """None for the region's result."""
    name: str
    """The argument, variable or option it is handed on as; the index of a pack's element;
    `return` for the region's result."""
    operand: Operand


def named_operands(node: Node) -> tuple[tuple[str, Operand], ...]:
    """A node's operands with the names under which it takes them; a pack's are its indices."""
    match node:
        case TaskNode():
            return (*node.overrides, *node.inputs)
        case TraceNode() | PythonNode() | DynamicNode():
            return node.inputs
        case PackNode():
            return tuple((str(index), operand) for index, operand in enumerate(node.elements))
        case _:
            assert_never(node)


def operands(node: Node) -> tuple[Operand, ...]:
    """A node's operands."""
    return tuple(operand for _, operand in named_operands(node))


def uses(region: Region) -> Mapping[NodeId, tuple[Use, ...]]:
    """Every node's uses in program order; a node that nobody uses has an empty tuple."""
    found: dict[NodeId, list[Use]] = {node.id: [] for node in region.nodes}
    for use in _all_uses(region):
        if isinstance(use.operand, Output):
            found.setdefault(use.operand.node, []).append(use)
    return {node: tuple(places) for node, places in found.items()}


def _all_uses(region: Region) -> list[Use]:
    found = [
        Use(user=node.id, name=name, operand=operand)
        for node in region.nodes
        for name, operand in named_operands(node)
    ]
    if region.result is not None:
        found.append(Use(user=None, name="return", operand=region.result))
    return found
