"""Which nodes keep their place: effects.

A call whose result is discarded, or whose type is `None`, is there for its effect: it waits for
every earlier call, and every later call waits for it. The members of a gather are free of each
other, whatever they return; what holds for one of them holds for the gather as a whole. A call
that is put off is no effect; what awaits it stands for it. Python that may do anything is an
effect, a `DynamicNode` too, and so are `try` and a `with` that is no group, which are entered and
left in order. A node that holds an effect is one, and so is a call of a helper that does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from flyte_compiler.ir.leaves import (
    AwaitNode,
    DynamicNode,
    FragmentKind,
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
    LoopNode,
    MapKind,
    MapNode,
    Node,
    Region,
    TaskGraph,
    TryNode,
    WithNode,
)
from flyte_compiler.ir.operands import Use, uses_of_nodes
from flyte_compiler.ir.values import NodeId, Operand, Output
from flyte_compiler.ir.walk import all_nodes, regions_of

_NOTHING = "None"
"""The annotation of a result that nobody can use."""


def effects(graph: TaskGraph) -> frozenset[NodeId]:
    """The nodes of the driver and its helpers that are there for what they do."""
    found = _Effects(graph)
    return frozenset(node.id for node in all_nodes(graph) if found.is_effect(node))


class _Effects:
    """Each node is decided once. A helper that calls itself counts as nothing while it is."""

    def __init__(self, graph: TaskGraph) -> None:
        self.nodes: Mapping[NodeId, Node] = {node.id: node for node in all_nodes(graph)}
        self.helpers = {helper.id: helper.body for helper in graph.helpers}
        self.uses: Mapping[NodeId, tuple[Use, ...]] = uses_of_nodes(graph)
        self.decided: dict[NodeId, bool] = {}

    def is_effect(self, node: Node) -> bool:
        if node.id not in self.decided:
            self.decided[node.id] = self._decide(node)
        return self.decided[node.id]

    def _decide(self, node: Node) -> bool:
        match node:
            case DynamicNode() | YieldNode() | TryNode() | WithNode(group=None):
                return True
            case TaskNode() | TraceNode():
                return node.start is Start.IN_PLACE and self._is_for_nothing(node)
            case HelperNode():
                is_done = self._is_for_nothing(node) or self._helper_has_effect(node.helper)
                return node.start is Start.IN_PLACE and is_done
            case PythonNode(kind=kind):
                return kind is FragmentKind.EFFECT
            case AwaitNode(awaited=awaited):
                return self._is_for_nothing(node) or self._is_effect_when_awaited(awaited)
            case PackNode(kind=PackKind.GATHER, start=Start.IN_PLACE, elements=elements):
                return self._is_unused(node) or any(map(self._is_effect_when_awaited, elements))
            case MapNode(kind=MapKind.GATHER, start=start):
                is_done = self._is_unused(node) or self._has_effect(node.body)
                return start is Start.IN_PLACE and is_done
            case BranchNode() | LoopNode() | MapNode() | WithNode():
                return any(self._has_effect(region) for region in regions_of(node))
            case FunctionNode() | PackNode():
                return False
            case _:
                assert_never(node)

    def _has_effect(self, region: Region) -> bool:
        end = region.end
        given = getattr(end, "value", None)
        return any(self.is_effect(node) for node in region.nodes) or (
            given is not None and self._is_effect_when_awaited(given)
        )

    def _helper_has_effect(self, helper: NodeId) -> bool:
        if helper not in self.decided:
            self.decided[helper] = False
            self.decided[helper] = self._has_effect(self.helpers[helper])
        return self.decided[helper]

    def _is_effect_when_awaited(self, operand: Operand) -> bool:
        """Whether it is a call that was put off, and is there for its effect."""
        node = self.nodes.get(operand.node) if isinstance(operand, Output) else None
        match node:
            case TaskNode() | TraceNode() if node.start is Start.DEFERRED:
                return node.type == _NOTHING
            case HelperNode(start=Start.DEFERRED):
                return node.type == _NOTHING or self._helper_has_effect(node.helper)
            case PackNode(kind=PackKind.GATHER, start=Start.DEFERRED, elements=elements):
                return any(map(self._is_effect_when_awaited, elements))
            case MapNode(start=Start.DEFERRED, body=body):
                return self._has_effect(body)
            case _:
                return False

    def _is_for_nothing(self, node: TaskNode | TraceNode | HelperNode | AwaitNode) -> bool:
        return node.type == _NOTHING or self._is_unused(node)

    def _is_unused(self, node: Node) -> bool:
        return node.id not in self.uses
