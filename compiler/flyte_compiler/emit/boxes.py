"""What the box of a node without regions, a parameter or an end says."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias, assert_never

from flyte_compiler.emit.fold import is_raise
from flyte_compiler.emit.scene import Box, Port, Role
from flyte_compiler.emit.wording import (
    cut,
    fragment_lines,
    prose_lines,
    signature_lines,
    without_own_names,
)
from flyte_compiler.ir.leaves import (
    AwaitNode,
    DynamicNode,
    FunctionNode,
    HelperNode,
    PackKind,
    PackNode,
    PythonNode,
    TaskNode,
    TraceNode,
    YieldNode,
)
from flyte_compiler.ir.model import Helper, Node, Parameter
from flyte_compiler.ir.values import Callee, Literal, NodeId, Operand, ValueCallee
from flyte_compiler.source.span import Span

Leaf: TypeAlias = (
    TaskNode
    | TraceNode
    | HelperNode
    | FunctionNode
    | PythonNode
    | PackNode
    | AwaitNode
    | YieldNode
    | DynamicNode
)

Written: TypeAlias = Sequence[tuple[str, str]]
"""Arguments that are shown as written: names with expressions."""


def callee_key(callee: Callee) -> str:
    """One function of the program, whatever it is called as."""
    return f"{callee.module}:{callee.function}"


def callees(node: Node) -> tuple[Callee, ...]:
    """The tasks that a node itself runs, or may run."""
    match node:
        case TaskNode(callee=Callee() as callee):
            return (callee,)
        case TaskNode(callee=ValueCallee(candidates=candidates)):
            return candidates
        case DynamicNode():
            return node.callees
        case _:
            return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxMaker:
    """Boxes of one graph's nodes."""

    drivers: Collection[str]
    """The keys of the drivers that have clusters in the scene."""
    helpers: dict[NodeId, Helper]

    def box(self, id_: str, node: Leaf, written: Written) -> Box:
        """The box of a node."""
        match node:
            case TaskNode():
                return self._task(id_, node, written)
            case TraceNode():
                return _trace(id_, node, written)
            case HelperNode():
                return self._helper(id_, node, written)
            case FunctionNode():
                return _function(id_, node)
            case PythonNode():
                return _python(id_, node)
            case PackNode():
                return _pack(id_, node)
            case YieldNode():
                hint = _hint(node.span, "hand a value out")
                return Box(id=id_, role=Role.PACK, title="yield", hint=hint, span=node.span)
            case AwaitNode():
                hint = _hint(node.span, "wait")
                return Box(id=id_, role=Role.PACK, title="await", hint=hint, span=node.span)
            case DynamicNode():
                return _dynamic(id_, node)
            case _:
                assert_never(node)

    def _task(self, id_: str, node: TaskNode, written: Written) -> Box:
        callee = node.callee
        if isinstance(callee, ValueCallee):
            return _of_value(id_, node, callee, written)
        return Box(
            id=id_,
            role=Role.DRIVER if callee_key(callee) in self.drivers else Role.TASK,
            title=_short(callee.function),
            lines=signature_lines(callee.signature),
            notes=(*_arguments(node.inputs, written), *_overrides(node.overrides)),
            hint=_hint(node.span, callee.name),
            environment=callee.environment,
            callee=callee_key(callee),
            inputs=_ports(node.inputs, node.input_types),
            type=node.type,
            span=node.span,
        )

    def _helper(self, id_: str, node: HelperNode, written: Written) -> Box:
        helper = self.helpers[node.helper]
        return Box(
            id=id_,
            role=Role.HELPER,
            title=_short(node.name),
            lines=signature_lines(helper.signature),
            notes=_arguments(node.inputs, written),
            hint=_hint(node.span, f"helper {node.name}"),
            inputs=_ports(node.inputs, tuple(p.type for p in helper.parameters)),
            type=node.type,
            span=node.span,
        )


def merged_box(id_: str, run: Sequence[PythonNode]) -> Box:
    """Fragments that follow each other."""
    source = "\n".join(_left_aligned(node.source) for node in run)
    inputs = dict.fromkeys(name for node in run for name, _ in node.inputs)
    return Box(
        id=id_,
        role=Role.PYTHON,
        lines=fragment_lines(source),
        hint=_hint(run[0].span, source),
        inputs=tuple(Port(name=name, type=None) for name in inputs),
        span=Span(path=run[0].span.path, start=run[0].span.start, end=run[-1].span.end),
    )


def parameter_box(id_: str, parameter: Parameter) -> Box:
    """Where a value enters a driver or a helper."""
    return Box(
        id=id_,
        role=Role.PARAMETER,
        title=parameter.name,
        lines=() if parameter.type is None else (cut(parameter.type),),
        hint=f"parameter {parameter.name}",
        type=parameter.type,
    )


def result_box(id_: str, value: Operand | None, type_: str | None = None) -> Box:
    """Where a value leaves a driver or a helper."""
    title = cut(repr(value.value)) if isinstance(value, Literal) else "return"
    return Box(
        id=id_,
        role=Role.RESULT,
        title="None" if value is None else title,
        lines=() if type_ is None else (cut(type_),),
        hint="what is returned",
        type=type_,
    )


def leave_box(id_: str, word: str) -> Box:
    """`break` or `continue`."""
    return Box(id=id_, role=Role.LEAVE, title=word, hint=word)


def _of_value(id_: str, node: TaskNode, callee: ValueCallee, written: Written) -> Box:
    names = ", ".join(_short(candidate.function) for candidate in callee.candidates)
    environments = {candidate.environment for candidate in callee.candidates}
    return Box(
        id=id_,
        role=Role.TASK,
        title=cut(callee.text),
        notes=(
            *(prose_lines(f"one of {names}") if names else ()),
            *_arguments(node.inputs, written),
            *_overrides(node.overrides),
        ),
        hint=_hint(node.span, callee.text),
        environment=environments.pop() if len(environments) == 1 else None,
        inputs=_ports(node.inputs, node.input_types),
        type=node.type,
        span=node.span,
    )


def _trace(id_: str, node: TraceNode, written: Written) -> Box:
    return Box(
        id=id_,
        role=Role.TRACE,
        title=_short(node.callee.function),
        lines=signature_lines(node.callee.signature),
        notes=_arguments(node.inputs, written),
        hint=_hint(node.span, f"trace {node.callee.name}"),
        callee=callee_key(node.callee),
        inputs=_ports(node.inputs, node.input_types),
        type=node.type,
        span=node.span,
    )


def _function(id_: str, node: FunctionNode) -> Box:
    return Box(
        id=id_,
        role=Role.FUNCTION,
        title=_short(node.name),
        hint=_hint(node.span, f"function {node.name}"),
        inputs=_ports((*node.defaults, *node.captures), ()),
        span=node.span,
    )


def _python(id_: str, node: PythonNode) -> Box:
    return Box(
        id=id_,
        role=Role.RAISE if is_raise(node) else Role.PYTHON,
        lines=fragment_lines(node.source),
        hint=_hint(node.span, without_own_names(node.source)),
        inputs=_ports(node.inputs, ()),
        type=node.type,
        span=node.span,
    )


def _pack(id_: str, node: PackNode) -> Box:
    is_gather = node.kind is PackKind.GATHER
    keeps = is_gather and node.return_exceptions != Literal(False)
    return Box(
        id=id_,
        role=Role.GATHER if is_gather else Role.PACK,
        title=node.kind.value,
        notes=("exceptions are values",) if keeps else (),
        hint=_hint(node.span, "run at once" if is_gather else f"a {node.kind.value} of values"),
        type=node.type,
        span=node.span,
    )


def _dynamic(id_: str, node: DynamicNode) -> Box:
    names = ", ".join(_short(callee.function) for callee in node.callees)
    return Box(
        id=id_,
        role=Role.DYNAMIC,
        title="runs as Python",
        notes=(*prose_lines(node.message), *(prose_lines(f"may call {names}") if names else ())),
        hint=_hint(node.span, without_own_names(node.source)),
        inputs=_ports(node.inputs, ()),
        span=node.span,
    )


def _short(name: str) -> str:
    return name.rpartition(".")[2]


def _hint(span: Span, text: str) -> str:
    # The file's name alone: a picture says the same wherever the program lies.
    return f"{span.path.name}:{span.start.line}: {text}"


def _left_aligned(source: str) -> str:
    return "\n".join(fragment_lines(source, lines=None, width=None))


def _ports(inputs: Sequence[tuple[str, Operand]], types: Sequence[str | None]) -> tuple[Port, ...]:
    padded = (*types, *(None for _ in inputs))
    return tuple(
        Port(name=name, type=type_) for (name, _), type_ in zip(inputs, padded, strict=False)
    )


def _arguments(inputs: Sequence[tuple[str, Operand]], written: Written) -> tuple[str, ...]:
    """The arguments that the call site itself shows."""
    constants = ((name, repr(v.value)) for name, v in inputs if isinstance(v, Literal))
    shown = {**dict(written), **dict(constants)}
    return tuple(cut(f"{name} = {shown[name]}") for name, _ in inputs if name in shown)


def _overrides(options: Iterable[tuple[str, Operand]]) -> tuple[str, ...]:
    return tuple(
        cut(f"overrides {name}" + (f" = {value.value!r}" if isinstance(value, Literal) else ""))
        for name, value in options
    )
