"""What is known of a picture while its boxes are made: what the arrows need later.

The box or the cluster of each node, where decisions and exceptions go, and which operand reaches
which end. `emit.regions` fills it in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from flyte_compiler.emit.boxes import BoxMaker, parameter_box
from flyte_compiler.emit.fold import Folding
from flyte_compiler.emit.scene import Arrow, Bond, Box, Cluster, Figure, Frame, boxes_in
from flyte_compiler.emit.wording import CLUSTER_LINE, cut
from flyte_compiler.ir.leaves import HelperNode
from flyte_compiler.ir.model import Helper, Node, Region, TaskGraph
from flyte_compiler.ir.values import NodeId, Operand
from flyte_compiler.ir.walk import nodes_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """A box where a value leaves a body."""

    box: str
    body: NodeId | None
    """The helper's; None for the driver's."""
    value: Operand


@dataclass(kw_only=True)
class Outline:
    """One graph on its way into a scene: what its boxes and arrows are so far."""

    prefix: str
    graph: TaskGraph
    folding: Folding
    maker: BoxMaker
    inlined: Mapping[NodeId, HelperNode]
    """Helpers that are drawn where they are called, by id."""
    boxes: dict[NodeId, str] = field(default_factory=dict)
    """The box of each node that has one, or shares one."""
    clusters: dict[NodeId, str] = field(default_factory=dict)
    """The cluster of each node, or helper, that has one."""
    arrows: list[Arrow] = field(default_factory=list)
    """Those of choices and of exceptions."""
    endings: list[Ending] = field(default_factory=list)
    parameters: dict[tuple[NodeId | None, str], str] = field(default_factory=dict)

    def id(self, node: str) -> str:
        """The name of a node's box or cluster."""
        return f"{self.prefix}_{node}"

    def has_boxes(self, region: Region) -> bool:
        """Whether anything inside a region is shown as a box of its own."""
        return any(inner.id in self.boxes for inner in nodes_in(region))

    def parameter_boxes(self, helper: Helper | None) -> Iterator[Box]:
        """The boxes of a helper's parameters; of the driver's for None."""
        parameters = self.graph.parameters if helper is None else helper.parameters
        owner = None if helper is None else helper.id
        prefix = "p" if helper is None else f"{helper.id}_p"
        for place, parameter in enumerate(parameters):
            box = parameter_box(self.id(f"{prefix}{place}"), parameter)
            self.parameters[owner, parameter.name] = box.id
            yield box

    def choose(self, decision: str, label: str, figure: Figure) -> None:
        """Draw the way from a decision to what comes next under an answer."""
        lines = (label,) if label else ()
        self._lead(decision, figure, Bond.CHOICE, lines)

    def catch(self, box: str, handler: Figure) -> None:
        """Draw the way of an exception from the last box that may raise it."""
        self._lead(box, handler, Bond.CAUGHT, ())

    def _lead(self, source: str, figure: Figure, bond: Bond, lines: tuple[str, ...]) -> None:
        head = figure.id if isinstance(figure, Cluster) else None
        target = next(boxes_in((figure,))).id
        self.arrows.append(Arrow(source=source, target=target, bond=bond, lines=lines, head=head))

    def framed(
        self, node: Node, frame: Frame, title: str, mark: str, figures: Sequence[Figure]
    ) -> list[Figure]:
        """The cluster of a node; where there is nothing to show in it, nothing."""
        if not figures:
            return []
        self.clusters[node.id] = self.id(node.id)
        title = cut(title, CLUSTER_LINE)
        return [
            Cluster(
                id=self.id(node.id),
                frame=frame,
                title=title,
                mark=mark,
                span=node.span,
                figures=tuple(figures),
            )
        ]

    def part(
        self, key: str, frame: Frame, title: str, figures: Sequence[Figure], node: Node
    ) -> list[Cluster]:
        """The cluster of a part of a node: a handler, an `else`; nothing where it shows nothing."""
        if not figures:
            return []
        return [
            Cluster(
                id=self.id(key), frame=frame, title=title, span=node.span, figures=tuple(figures)
            )
        ]
