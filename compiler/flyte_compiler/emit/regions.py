"""From a graph's regions to the boxes and clusters of a picture, in program order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from flyte_compiler.emit.boxes import leave_box, merged_box, result_box
from flyte_compiler.emit.inlined import helpers_of
from flyte_compiler.emit.outline import Ending, Outline
from flyte_compiler.emit.scene import Box, Cluster, Figure, Frame, Role, boxes_in, clusters_in
from flyte_compiler.emit.wording import CLUSTER_LINE, cut, signature_lines
from flyte_compiler.ir.leaves import HelperNode
from flyte_compiler.ir.model import (
    BranchNode,
    Break,
    Choice,
    Continue,
    Handler,
    LoopKind,
    LoopNode,
    MapNode,
    Node,
    Region,
    Return,
    Stop,
    TryNode,
    WithNode,
    Yield,
)
from flyte_compiler.ir.values import Literal, NodeId
from flyte_compiler.ir.walk import all_nodes

SMALL_ARM = 2
"""The most boxes that an arm may have without a cluster of its own."""
QUESTION = 28
"""Characters of a condition."""
ONE_CALL = frozenset({Role.TASK, Role.DRIVER, Role.TRACE, Role.HELPER})


def driver_figures(outline: Outline) -> tuple[Figure, ...]:
    """What a driver shows, its helpers last; what the arrows need is left in the outline."""
    return _Regions(outline=outline).driver_figures()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Regions:
    """The regions of one graph, shown."""

    outline: Outline

    def driver_figures(self) -> tuple[Figure, ...]:
        """Never none: a driver without parameters and nodes has a result."""
        body = self._figures(self.outline.graph.body, "result", is_body=True)
        figures = [*self.outline.parameter_boxes(None), *body]
        if not figures:
            graph = self.outline.graph
            figures.append(result_box(self.outline.id("result"), None, graph.result_type))
        return (*figures, *self._helpers())

    def _helpers(self) -> Iterator[Cluster]:
        called = {name for node in all_nodes(self.outline.graph) for name in helpers_of(node)}
        for helper in self.outline.graph.helpers:
            if helper.id in self.outline.inlined or helper.id not in called:
                continue
            figures = [
                *self.outline.parameter_boxes(helper),
                *self._figures(helper.body, f"{helper.id}_result", body=helper.id, is_body=True),
            ]
            self.outline.clusters[helper.id] = self.outline.id(helper.id)
            yield Cluster(
                id=self.outline.id(helper.id),
                frame=Frame.HELPER,
                title=_short(helper.name),
                lines=signature_lines(helper.signature, CLUSTER_LINE),
                mark="helper",
                span=helper.span,
                figures=tuple(figures)
                or (result_box(self.outline.id(f"{helper.id}_result"), None),),
            )

    def _figures(
        self, region: Region, key: str, *, body: NodeId | None = None, is_body: bool = False
    ) -> list[Figure]:
        """What a region shows; `key` names the box of its end."""
        figures: list[Figure] = []
        pending: list[tuple[str, str]] = []
        for node in region.nodes:
            shown = self._shown(node, body)
            if shown:
                self._go_on(pending, shown[0])
                pending = []
                figures.extend(shown)
            if isinstance(node, BranchNode):
                pending.extend(self._falls_through(node, shown))
        end = self._end(region, key, body=body, is_body=is_body, is_empty=not figures)
        if end is not None:
            self._go_on(pending, end)
            figures.append(end)
        return figures

    def _end(
        self, region: Region, key: str, *, body: NodeId | None, is_body: bool, is_empty: bool
    ) -> Box | None:
        match region.end:
            case Return(value=Literal(value=None)) if is_body and not is_empty:
                return None
            case Return(value=value):
                if is_body and body in self.outline.inlined:
                    return None
                type_ = self.outline.graph.result_type if body is None else None
                box = result_box(self.outline.id(key), value, type_)
                self.outline.endings.append(Ending(box=box.id, body=body, value=value))
                return box
            case Break():
                return leave_box(self.outline.id(key), "break")
            case Continue():
                return leave_box(self.outline.id(key), "continue")
            case Yield() | Stop():
                return None
            case _:
                assert_never(region.end)

    def _shown(self, node: Node, body: NodeId | None) -> list[Figure]:
        """What one node shows, in its region."""
        match node:
            case BranchNode():
                return self._branch(node, body)
            case LoopNode():
                return self._loop(node, body)
            case MapNode():
                return self._map(node, body)
            case TryNode():
                return self._try(node, body)
            case WithNode():
                return self._with(node, body)
            case HelperNode(helper=helper) if helper in self.outline.inlined:
                return self._inline(node)
            case _:
                return self._leaf(node)

    def _leaf(self, node: Node) -> list[Figure]:
        host = self.outline.folding.hosts.get(node.id, node.id)
        if node.id in self.outline.folding.hidden:
            return []
        self.outline.boxes[node.id] = self.outline.id(host)
        if host != node.id:
            return []
        if node.id in self.outline.folding.merged:
            return [merged_box(self.outline.id(host), self.outline.folding.merged[host])]
        if isinstance(node, BranchNode | LoopNode | MapNode | TryNode | WithNode):
            raise AssertionError(f"{node.id} holds regions")
        return [
            self.outline.maker.box(
                self.outline.id(host), node, self.outline.folding.arguments.get(node.id, ())
            )
        ]

    def _branch(self, node: BranchNode, body: NodeId | None) -> list[Figure]:
        arms = [
            self._figures(arm.body, f"{node.id}_end{place}", body=body)
            for place, arm in enumerate(node.arms)
        ]
        if not any(arms):
            return []
        decision = Box(
            id=self.outline.id(node.id),
            role=Role.DECISION,
            title=cut(_question(node), QUESTION),
            hint=f"{node.span.path.name}:{node.span.start.line}: a decision",
            type=node.type,
            span=node.span,
        )
        self.outline.boxes[node.id] = decision.id
        figures: list[Figure] = [decision]
        for place, (arm, inner) in enumerate(zip(node.arms, arms, strict=True)):
            label = _answer(node, place)
            if not inner:
                continue
            if _is_small(inner) or _is_only_branch(arm.body, inner):
                self.outline.choose(decision.id, label, inner[0])
                figures.extend(inner)
                continue
            cluster = Cluster(
                id=self.outline.id(f"{node.id}_arm{place}"),
                frame=Frame.ARM,
                title=label,
                span=node.span,
                figures=tuple(inner),
            )
            self.outline.choose(decision.id, "", cluster)
            figures.append(cluster)
        return figures

    def _falls_through(
        self, node: BranchNode, shown: Sequence[Figure]
    ) -> Iterator[tuple[str, str]]:
        """Where another arm leaves, a path without anything to show goes to what comes next."""
        if not shown or not any(_leaves(arm.body) for arm in node.arms):
            return
        for place, arm in enumerate(node.arms):
            if isinstance(arm.body.end, Yield) and not self.outline.has_boxes(arm.body):
                yield self.outline.id(node.id), _answer(node, place)

    def _go_on(self, pending: Sequence[tuple[str, str]], figure: Figure) -> None:
        for decision, label in pending:
            self.outline.choose(decision, label, figure)

    def _loop(self, node: LoopNode, body: NodeId | None) -> list[Figure]:
        figures: list[Figure] = []
        if node.test is not None:
            figures.extend(self._figures(node.test, f"{node.id}_test", body=body))
        turn = self._figures(node.body, f"{node.id}_end", body=body)
        if isinstance(node.body.end, Continue) and turn:
            turn.pop()
        figures.extend(turn)
        if node.orelse is not None:
            inner = self._figures(node.orelse, f"{node.id}_else_end", body=body)
            figures.extend(self.outline.part(f"{node.id}_else", Frame.CLEANUP, "else", inner, node))
        word = "while" if node.kind is LoopKind.WHILE else node.kind.value
        return self.outline.framed(node, Frame.LOOP, f"{word} {node.label}", "in order", figures)

    def _map(self, node: MapNode, body: NodeId | None) -> list[Figure]:
        figures = self._figures(node.body, f"{node.id}_end", body=body)
        if len(figures) == 1 and isinstance(figures[0], Box) and figures[0].role in ONE_CALL:
            notes = (cut(f"× {node.label}"), *figures[0].notes)
            return [replace(figures[0], is_stack=True, notes=notes)]
        return self.outline.framed(node, Frame.MAP, f"× {node.label}", "parallel", figures)

    def _try(self, node: TryNode, body: NodeId | None) -> list[Figure]:
        figures = self._figures(node.body, f"{node.id}_end", body=body)
        tried = list(boxes_in(figures))
        handlers = [
            self._handler(node, place, handler, body) for place, handler in enumerate(node.handlers)
        ]
        for handled in handlers:
            if tried:
                self.outline.catch(tried[-1].id, handled)
        figures.extend(handlers)
        for name, region in (("else", node.orelse), ("finally", node.final)):
            if region is not None:
                inner = self._figures(region, f"{node.id}_{name}_end", body=body)
                figures.extend(
                    self.outline.part(f"{node.id}_{name}", Frame.CLEANUP, name, inner, node)
                )
        return self.outline.framed(node, Frame.TRY, "try", "", figures)

    def _handler(self, node: TryNode, place: int, handler: Handler, body: NodeId | None) -> Figure:
        key = f"{node.id}_handler{place}"
        inner: list[Figure] = []
        if handler.types is not None:
            inner.extend(self._figures(handler.types, f"{key}_types", body=body))
        inner.extend(self._figures(handler.body, f"{key}_end", body=body))
        word = "except*" if node.is_group else "except"
        title = handler.label if handler.label.startswith("except") else f"{word} {handler.label}"
        title = cut(title.strip())
        if inner:
            return self.outline.part(key, Frame.HANDLER, title, inner, node)[0]
        return Box(
            id=self.outline.id(key), role=Role.HANDLER, title=title, hint=title, span=node.span
        )

    def _with(self, node: WithNode, body: NodeId | None) -> list[Figure]:
        figures = self._figures(node.body, f"{node.id}_end", body=body)
        word = "async with" if node.is_async else "with"
        title = node.label if node.group is not None else f"{word} {node.label}"
        return self.outline.framed(
            node, Frame.WITH, title, "" if node.group is None else "group", figures
        )

    def _inline(self, node: HelperNode) -> list[Figure]:
        helper = self.outline.maker.helpers[node.helper]
        figures = self._figures(helper.body, f"{helper.id}_result", body=helper.id, is_body=True)
        return self.outline.framed(node, Frame.HELPER, _short(helper.name), "helper", figures)


def _question(node: BranchNode) -> str:
    return node.arms[0].label if node.choice is Choice.TRUTH else "match"


def _answer(node: BranchNode, place: int) -> str:
    if node.choice is Choice.TRUTH:
        return "no" if place else "yes"
    return cut(node.arms[place].label)


def _is_small(figures: Sequence[Figure]) -> bool:
    return len(figures) <= SMALL_ARM and not any(clusters_in(figures))


def _is_only_branch(region: Region, figures: Sequence[Figure]) -> bool:
    """Whether an arm is another decision and no more: `elif`."""
    first = figures[0]
    decisions = [node for node in region.nodes if isinstance(node, BranchNode)]
    return (
        isinstance(first, Box)
        and first.role is Role.DECISION
        and len(decisions) == 1
        and first.id.endswith(f"_{decisions[0].id}")
        and not any(isinstance(n, LoopNode | MapNode | TryNode | WithNode) for n in region.nodes)
        and isinstance(region.end, Yield | Stop)
    )


def _leaves(region: Region) -> bool:
    return not isinstance(region.end, Yield)


def _short(name: str) -> str:
    return name.rpartition(".")[2]
