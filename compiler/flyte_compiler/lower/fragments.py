"""Stretches of the driver's own text that run as Python.

A *hole* is a place in a fragment whose value was computed by nodes before it; in the text stands
a name instead, in parentheses, with as many line breaks as before. A fragment with holes is read
again: that tells which variables it needs, and proves that it is Python.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import libcst as cst

from flyte_compiler.ir.leaves import FragmentForm, FragmentKind, PythonNode
from flyte_compiler.ir.values import NodeId, Operand, Output
from flyte_compiler.lower.body import Body
from flyte_compiler.lower.called import runs_in
from flyte_compiler.lower.evaluation import Part
from flyte_compiler.lower.exits import decides
from flyte_compiler.lower.flow import Flow, flow
from flyte_compiler.source.bug import CompilerBug
from flyte_compiler.source.span import Span
from flyte_compiler.syntax.tree import children


@dataclass(frozen=True, slots=True, kw_only=True)
class Hole:
    """A range of the source, and the value whose name stands there instead."""

    start: int
    end: int
    operand: Operand
    before: str = "("
    after: str = ")"


@dataclass(frozen=True, slots=True, kw_only=True)
class Replaced:
    """A range of the source, and the text that stands there instead."""

    start: int
    end: int
    text: str


Change = Hole | Replaced


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A fragment's text, and the names of our own in it."""

    text: str
    values: Mapping[str, Operand]


def render(body: Body, start: int, end: int, changes: Iterable[Change]) -> Rendered:
    """The source of a range with names in its holes."""
    text, names, pieces, at = body.source.text, dict[Operand, str](), list[str](), start
    for change in sorted(changes, key=lambda change: (change.start, change.end)):
        pieces.append(text[at : change.start])
        match change:
            case Replaced():
                pieces.append(change.text)
            case Hole():
                name = names.setdefault(change.operand, f"{body.scope.value_prefix}{len(names)}")
                breaks = "\n" * text.count("\n", change.start, change.end)
                pieces += [change.before, name, breaks, change.after]
        at = change.end
    pieces.append(text[at:end])
    return Rendered(text="".join(pieces), values={name: value for value, name in names.items()})


def evaluate_part(body: Body, part: Part, holes: Sequence[Hole]) -> Output:
    """Emit the fragment that evaluates an expression, or a part of one, by itself."""
    start, end = body.offsets(part.node)
    rendered = render(body, start, end, holes)
    source = f"{part.opening}{rendered.text}{part.closing}"
    code = _parse(f"({source}\n)", "") if holes or part.opening else [part.node]
    effect = flow(code)
    if any(map(body.is_value, effect.changes)):
        runs = runs_in(body, start, end, holes)
        span = body.source.span(start, end)
        return _evaluate_and_bind(body, source, effect, rendered, runs=runs, span=span)
    return body.emit(
        lambda node: PythonNode(
            id=node,
            form=FragmentForm.EXPRESSION,
            kind=FragmentKind.EFFECT,
            source=source,
            inputs=_inputs(body, effect, (), rendered),
            outputs=(),
            indent="",
            global_names=tuple(sorted(effect.changes & body.scope.globals)),
            is_async=awaits(code),
            decides=False,
            runs=runs_in(body, start, end, holes),
            type=_form_type(part.node),
            span=body.source.span(start, end),
        )
    )


def assign(body: Body, target: cst.BaseExpression, operand: Operand) -> None:
    """Let a target of an assignment have a value from here on: a name, a pattern, a place."""
    if isinstance(target, cst.Name) and body.is_value(target.value):
        body.bind(target.value, operand)
        return
    start, end = body.offsets(target)
    hole = Hole(start=end, end=end, operand=operand, before=" = (")
    code = _parse(render(body, start, end, [hole]).text, "")
    effect = flow(code)
    emit_stretch(body, Stretch(start, end, code, [hole], effect), effect.changes)


@dataclass(slots=True)
class Stretch:
    """Plain statements that follow each other, to become one node."""

    start: int
    end: int
    code: list[cst.CSTNode]
    holes: list[Change]
    effect: Flow
    """What it does to variables."""

    def extend(self, node: cst.CSTNode, end: int, effect: Flow) -> None:
        """Take in the next statement."""
        self.code.append(node)
        self.end = end
        self.effect = self.effect.then(effect)


def start_stretch(
    body: Body, start: int, end: int, node: cst.CSTNode, holes: list[Change]
) -> Stretch:
    """A stretch whose first statement has holes, or none."""
    code = [node]
    if holes:
        code = _parse(render(body, start, end, holes).text, indent_before(body, start))
    return Stretch(start, end, code, holes, flow(code))


def emit_stretch(body: Body, stretch: Stretch, read_later: frozenset[str]) -> Output:
    """Emit the node of a stretch, and let the variables that it leaves behind come from it."""
    rendered = render(body, stretch.start, stretch.end, stretch.holes)
    effect = stretch.effect
    outputs = tuple(sorted(filter(body.is_value, effect.changes & read_later)))
    node = body.emit(
        lambda node: PythonNode(
            id=node,
            form=FragmentForm.STATEMENTS,
            kind=FragmentKind.EFFECT,
            source=rendered.text,
            inputs=_inputs(body, effect, outputs, rendered),
            outputs=outputs,
            indent=indent_before(body, stretch.start),
            global_names=tuple(sorted(effect.changes & body.scope.globals)),
            is_async=awaits(stretch.code),
            decides=decides(stretch.code),
            runs=runs_in(body, stretch.start, stretch.end, stretch.holes),
            type=None,
            span=body.source.span(stretch.start, stretch.end),
        )
    )
    leave_behind(body, node, effect, outputs)
    return node


def leave_behind(body: Body, node: Output, effect: Flow, outputs: Sequence[str]) -> None:
    """Variables that a node changed come from it now; those that nobody reads are forgotten."""
    certain = {
        name
        for name in outputs
        if name in effect.binds or (body.is_settled(name) and name not in effect.unbinds)
    }
    for name in effect.changes:
        body.variables.pop(name, None)
        body.uncertain.discard(name)
    for name in outputs:
        body.bind(name, Output(node.node, (name,)))
    body.uncertain.update(set(outputs) - certain)


def variables_in(body: Body, names: Iterable[str]) -> tuple[tuple[str, Operand], ...]:
    """The variables among some names, by name."""
    return tuple((name, body.read(name)) for name in sorted(filter(body.is_variable, set(names))))


_AWAITING = frozenset({cst.FunctionDef, cst.Lambda, cst.Await, cst.For, cst.With, cst.CompFor})


def awaits(code: Sequence[cst.CSTNode]) -> bool:
    """Whether code awaits, in the function that it stands in."""
    stack = list(code)
    while stack:
        node = stack.pop()
        if type(node) not in _AWAITING:
            stack += children(node)
            continue
        match node:
            case cst.FunctionDef():  # its own `async` and its body are its own business
                stack += [*node.decorators, node.params]
            case cst.Lambda():
                stack.append(node.params)
            case cst.Await():
                return True
            case cst.For() | cst.With() | cst.CompFor() if node.asynchronous is not None:
                return True
            case _:
                stack += children(node)
    return False


def indent_before(body: Body, start: int) -> str:
    """The white space before the first statement of a line; none after anything else."""
    text = body.source.text
    line = text[text.rfind("\n", 0, start) + 1 : start]
    return line if line.isspace() else ""


def _evaluate_and_bind(
    body: Body,
    source: str,
    effect: Flow,
    rendered: Rendered,
    *,
    runs: tuple[NodeId, ...],
    span: Span,
) -> Output:
    """An expression that binds variables on the way, as a statement: its value has a name too."""
    value = f"{body.scope.value_prefix}_"
    changed = tuple(sorted(filter(body.is_value, effect.changes)))
    text = f"{value} = ({source}\n)"
    node = body.emit(
        lambda node: PythonNode(
            id=node,
            form=FragmentForm.STATEMENTS,
            kind=FragmentKind.EFFECT,
            source=text,
            inputs=_inputs(body, effect, changed, rendered),
            outputs=(*changed, value),
            indent="",
            global_names=tuple(sorted(effect.changes & body.scope.globals)),
            is_async=awaits(_parse(text, "")),
            decides=False,
            runs=runs,
            type=None,
            span=span,
        )
    )
    leave_behind(body, node, effect, changed)
    return Output(node.node, (value,))


def _inputs(
    body: Body, effect: Flow, outputs: Sequence[str], rendered: Rendered
) -> tuple[tuple[str, Operand], ...]:
    """What a fragment needs: what it reads, what it may pass on unchanged, and its cells."""
    cells = {name for name in effect.changes if body.is_variable(name) and not body.is_value(name)}
    passed_on = {name for name in outputs if name not in effect.binds and name in body.variables}
    return (*rendered.values.items(), *variables_in(body, effect.reads | passed_on | cells))


def _parse(text: str, indent: str) -> list[cst.CSTNode]:
    indent = indent or "    "
    try:
        module = cst.parse_module(f"async def fragment():\n{indent}{text}\n")
    except cst.ParserSyntaxError as error:
        raise CompilerBug(f"a fragment that is not Python: {text!r}") from error
    function = module.body[0]
    if not isinstance(function, cst.FunctionDef):
        raise CompilerBug(f"a fragment that leaves its function: {text!r}")
    return list(function.body.body)


def _form_type(node: cst.CSTNode) -> str | None:
    match node:
        case cst.FormattedString() | cst.ConcatenatedString():
            return "str"
        case cst.UnaryOperation(operator=cst.Not()):
            return "bool"
        case _:
            return None
