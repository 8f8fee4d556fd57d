"""What the box of a node, a parameter or a result says."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import assert_never

from flyte_compiler.emit.scene import Box, Role
from flyte_compiler.emit.wording import cut, fragment_lines, prose_lines, signature_lines
from flyte_compiler.ir.model import (
    Callee,
    DynamicNode,
    Input,
    Literal,
    Node,
    Operand,
    Output,
    PackKind,
    PackNode,
    PythonNode,
    RegionParameter,
    TaskGraph,
    TaskNode,
    TraceNode,
)
from flyte_compiler.source.span import Span


def callee_key(callee: Callee) -> str:
    """One function of the program, whatever it is called as."""
    return f"{callee.module}:{callee.function}"


def callees(node: Node) -> tuple[Callee, ...]:
    """The tasks that a node runs, or may run."""
    match node:
        case TaskNode():
            return (node.callee,)
        case DynamicNode():
            return node.callees
        case TraceNode() | PythonNode() | PackNode():
            return ()
        case _:
            assert_never(node)


def node_box(id_: str, node: Node, drivers: Collection[str]) -> Box:
    """The box of a node; `drivers` are the keys of those that have clusters in the scene."""
    match node:
        case TaskNode():
            return _task_box(id_, node, drivers)
        case TraceNode(callee=callee):
            return Box(
                id=id_,
                role=Role.TRACE,
                title=_short(callee),
                lines=signature_lines(callee.signature),
                notes=_literals(node.inputs),
                hint=_hint(node.span, f"trace {callee.name}"),
            )
        case PythonNode():
            return Box(
                id=id_,
                role=Role.PYTHON,
                lines=fragment_lines(node.source),
                hint=_hint(node.span, node.source),
            )
        case PackNode():
            return _pack_box(id_, node)
        case DynamicNode():
            return Box(
                id=id_,
                role=Role.DYNAMIC,
                title="runs as Python",
                notes=(*prose_lines(node.message), *_may_call(node.callees)),
                hint=_hint(node.span, node.source),
            )
        case _:
            assert_never(node)


def parameter_box(id_: str, parameter: RegionParameter) -> Box:
    """Where a value enters a driver."""
    return Box(
        id=id_,
        role=Role.PARAMETER,
        title=parameter.name,
        lines=() if parameter.type is None else (cut(parameter.type),),
        hint=f"parameter {parameter.name}",
    )


def result_box(id_: str, graph: TaskGraph) -> Box | None:
    """Where a driver's value leaves it; None where it falls off the end of a body that shows."""
    match graph.body.result:
        case None if graph.body.nodes or graph.body.parameters:
            return None
        case None:
            title = "None"
        case Literal(value=value):
            title = cut(repr(value))
        case Input() | Output():
            title = "return"
        case _:
            assert_never(graph.body.result)
    return Box(
        id=id_,
        role=Role.RESULT,
        title=title,
        lines=() if graph.result_type is None else (cut(graph.result_type),),
        hint="what the driver returns",
    )


def _task_box(id_: str, node: TaskNode, drivers: Collection[str]) -> Box:
    callee = node.callee
    return Box(
        id=id_,
        role=Role.DRIVER if callee_key(callee) in drivers else Role.TASK,
        title=_short(callee),
        lines=signature_lines(callee.signature),
        notes=(*_literals(node.inputs), *_overrides(node.overrides)),
        hint=_hint(node.span, callee.name),
        environment=callee.environment,
    )


def _pack_box(id_: str, node: PackNode) -> Box:
    is_gather = node.kind is PackKind.GATHER
    return Box(
        id=id_,
        role=Role.GATHER if is_gather else Role.PACK,
        title=node.kind.value,
        notes=("exceptions are values",) if node.return_exceptions else (),
        hint=_hint(node.span, "run at once" if is_gather else f"a {node.kind.value} of values"),
    )


def _short(callee: Callee) -> str:
    return callee.function.rpartition(".")[2]


def _hint(span: Span, text: str) -> str:
    # The file's name alone: a picture says the same wherever the program lies.
    return f"{span.path.name}:{span.start.line}: {text}"


def _may_call(called: Sequence[Callee]) -> tuple[str, ...]:
    if not called:
        return ()
    return prose_lines(f"may call {', '.join(map(_short, called))}")


def _literals(inputs: Iterable[tuple[str, Operand]]) -> tuple[str, ...]:
    """The arguments that the call site fixes."""
    return tuple(
        cut(f"{name} = {value.value!r}") for name, value in inputs if isinstance(value, Literal)
    )


def _overrides(options: Iterable[tuple[str, Operand]]) -> tuple[str, ...]:
    return tuple(
        cut(f"overrides {name}" + (f" = {value.value!r}" if isinstance(value, Literal) else ""))
        for name, value in options
    )
