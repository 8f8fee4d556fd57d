"""Compose graphs into a scene: which boxes there are, what they say, and what ties them.

Two calls of one task are two boxes; all values between the same two boxes are one arrow.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from flyte_compiler.emit.scene import Arrow, Bond, Box, Cluster, Role, Scene
from flyte_compiler.emit.wording import (
    CLUSTER_LINE,
    boundary,
    cut,
    fragment_lines,
    signature_lines,
)
from flyte_compiler.ir.edges import edges, operand_type
from flyte_compiler.ir.model import (
    Callee,
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
    TaskGraph,
    TaskNode,
    TraceNode,
)


def compose(graphs: Sequence[TaskGraph]) -> Scene:
    """One cluster for each graph, in the order given, and links from calls to clusters."""
    names = {_key(graph.task): f"d{place}" for place, graph in enumerate(graphs)}
    clusters = tuple(
        _Driver(prefix=f"d{place}", graph=graph, drawn=names).cluster()
        for place, graph in enumerate(graphs)
    )
    return Scene(
        clusters=clusters,
        links=tuple(_links(graphs, clusters, names)),
        environments=_environments(clusters),
    )


def _key(callee: Callee) -> str:
    return f"{callee.module}:{callee.function}"


def _environments(clusters: Iterable[Cluster]) -> tuple[str, ...]:
    seen = (
        environment
        for cluster in clusters
        for environment in (cluster.environment, *(box.environment for box in cluster.boxes))
    )
    return tuple(dict.fromkeys(name for name in seen if name is not None))


def _links(
    graphs: Sequence[TaskGraph], clusters: Sequence[Cluster], names: Mapping[str, str]
) -> Iterable[Arrow]:
    """A link from each box to the cluster of each driver that it calls, its own left out."""
    entries = {cluster.id: cluster.boxes[0].id for cluster in clusters if cluster.boxes}
    for place, graph in enumerate(graphs):
        for node in graph.body.nodes:
            for callee in _callees(node):
                opened = names.get(_key(callee))
                if opened is None or opened == f"d{place}" or opened not in entries:
                    continue
                yield Arrow(
                    source=f"d{place}_{node.id}",
                    target=entries[opened],
                    bond=Bond.OPENS,
                    cluster=opened,
                )


def _callees(node: Node) -> tuple[Callee, ...]:
    match node:
        case TaskNode():
            return (node.callee,)
        case DynamicNode():
            return node.callees
        case TraceNode() | PythonNode() | PackNode():
            return ()
        case _:
            assert_never(node)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Driver:
    """One graph on its way to a cluster."""

    prefix: str
    graph: TaskGraph
    drawn: Mapping[str, str]

    def cluster(self) -> Cluster:
        boxes = (*self.parameters(), *map(self.box, self.graph.body.nodes), *self.result())
        arrows = (*self.values(), *self.returned())
        dynamic = len(self.graph.dynamic_nodes)
        task = self.graph.task
        return Cluster(
            id=self.prefix,
            title=task.name,
            lines=signature_lines(task.signature, CLUSTER_LINE),
            mark="compiled" if dynamic == 0 else f"dynamic ({dynamic})",
            is_compiled=dynamic == 0,
            environment=task.environment,
            boxes=boxes,
            arrows=(*arrows, *self.order(boxes, arrows)),
        )

    def parameters(self) -> Iterable[Box]:
        for place, parameter in enumerate(self.graph.body.parameters):
            annotation = "" if parameter.type is None else f": {parameter.type}"
            yield Box(
                id=f"{self.prefix}_p{place}",
                role=Role.PARAMETER,
                title=parameter.name,
                lines=() if parameter.type is None else (cut(parameter.type),),
                hint=f"parameter {parameter.name}{annotation}",
                environment=None,
            )

    def result(self) -> Iterable[Box]:
        """The driver's result; none where it falls off its end."""
        if self.graph.body.result is None:
            return
        match self.graph.body.result:
            case Literal(value=value):
                title = cut(repr(value))
            case Input() | Output():
                title = "return"
        declared = self.graph.result_type
        yield Box(
            id=f"{self.prefix}_result",
            role=Role.RESULT,
            title=title,
            lines=() if declared is None else (cut(declared),),
            hint="what the driver returns",
            environment=None,
        )

    def box(self, node: Node) -> Box:
        role, title, lines, hint, environment = self.describe(node)
        return Box(
            id=f"{self.prefix}_{node.id}",
            role=role,
            title=title,
            lines=lines,
            hint=f"{node.span}: {hint}",
            environment=environment,
        )

    def describe(self, node: Node) -> tuple[Role, str, tuple[str, ...], str, str | None]:
        """Role, title, lines, hint and environment."""
        match node:
            case TaskNode(callee=callee):
                role = Role.DRIVER if _key(callee) in self.drawn else Role.TASK
                lines = (*signature_lines(callee.signature), *_fixed(node))
                return role, _short(callee), lines, callee.name, callee.environment
            case TraceNode(callee=callee):
                lines = (*signature_lines(callee.signature), *_literals(node.inputs))
                return Role.TRACE, _short(callee), lines, f"trace {callee.name}", None
            case PythonNode(source=source):
                return Role.PYTHON, "", fragment_lines(source), source, None
            case PackNode(kind=PackKind.GATHER):
                return Role.GATHER, "gather", (), "runs at once", None
            case PackNode(kind=kind):
                return Role.PACK, kind.value, (), f"a {kind.value} of values", None
            case DynamicNode(message=message):
                lines = (cut(message, 44), *_called(node.callees))
                return Role.DYNAMIC, "runs as Python", lines, message, None
            case _:
                assert_never(node)

    def values(self) -> Iterable[Arrow]:
        """One arrow for each pair of boxes, with every type that flows along it."""
        flows: dict[tuple[str, str], list[str]] = {}
        for edge in edges(self.graph.body):
            pair = (self.source_id(edge.source), f"{self.prefix}_{edge.target}")
            label = boundary(edge.provided, edge.expected)
            flows.setdefault(pair, []).extend([] if label is None else [cut(label, 46)])
        for (source, target), labels in flows.items():
            yield Arrow(
                source=source, target=target, bond=Bond.VALUE, lines=tuple(dict.fromkeys(labels))
            )

    def returned(self) -> Iterable[Arrow]:
        match self.graph.body.result:
            case None | Literal():
                return
            case Input() as source:
                origin: NodeId | Input = source
            case Output(node=node):
                origin = node
        provided = operand_type(self.graph.body, self.graph.body.result)
        label = boundary(provided, self.graph.result_type)
        yield Arrow(
            source=self.source_id(origin),
            target=f"{self.prefix}_result",
            bond=Bond.VALUE,
            lines=() if label is None else (cut(label, 46),),
        )

    def order(self, boxes: Sequence[Box], arrows: Sequence[Arrow]) -> Iterable[Arrow]:
        """Tie each box that no value reaches or leaves to the one before it."""
        tied = {arrow.source for arrow in arrows} | {arrow.target for arrow in arrows}
        before = [None, *boxes]
        for previous, box in zip(before, boxes, strict=False):
            loose = box.id not in tied and box.role is not Role.PARAMETER
            if loose and previous is not None and previous.role is not Role.PARAMETER:
                yield Arrow(source=previous.id, target=box.id, bond=Bond.ORDER)

    def source_id(self, source: NodeId | Input) -> str:
        if not isinstance(source, Input):
            return f"{self.prefix}_{source}"
        names = [parameter.name for parameter in self.graph.body.parameters]
        return f"{self.prefix}_p{names.index(source.name)}"


def _short(callee: Callee) -> str:
    return callee.function.rpartition(".")[2]


def _called(callees: Sequence[Callee]) -> tuple[str, ...]:
    return (f"may call {cut(', '.join(map(_short, callees)), 35)}",) if callees else ()


def _fixed(node: TaskNode) -> tuple[str, ...]:
    """What the call site fixes: literal arguments, and options."""
    options = tuple(
        cut(
            f"override {name}={value.value!r}" if isinstance(value, Literal) else f"override {name}"
        )
        for name, value in node.overrides
    )
    return (*_literals(node.inputs), *options)


def _literals(inputs: Iterable[tuple[str, Operand]]) -> tuple[str, ...]:
    return tuple(
        cut(f"{name} = {value.value!r}") for name, value in inputs if isinstance(value, Literal)
    )
