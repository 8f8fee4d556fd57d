"""Stretches of the driver's own text that run as Python.

A *hole* is a place in a fragment whose value was computed by nodes before it; in the text stands
a name instead, in parentheses, with as many line breaks as before. A fragment with holes is read
again: that tells which variables it needs, and proves that it is Python.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import libcst as cst

from flyte_compiler.ir.model import FragmentForm, Operand, Output, PythonNode
from flyte_compiler.lower import reasons
from flyte_compiler.lower.driver import Driver
from flyte_compiler.lower.evaluation import Part
from flyte_compiler.lower.flow import Flow, flow
from flyte_compiler.source.bug import CompilerBug
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
class Rendered:
    """A fragment's text, and the names of our own in it."""

    text: str
    values: Mapping[str, Operand]


def render(driver: Driver, start: int, end: int, holes: Iterable[Hole]) -> Rendered:
    """The source of a range with names in its holes."""
    text, names, pieces, at = driver.source.text, dict[Operand, str](), list[str](), start
    for hole in sorted(holes, key=lambda hole: (hole.start, hole.end)):
        name = names.setdefault(hole.operand, f"{driver.value_prefix}{len(names)}")
        breaks = "\n" * text.count("\n", hole.start, hole.end)
        pieces += [text[at : hole.start], hole.before, name, breaks, hole.after]
        at = hole.end
    pieces.append(text[at:end])
    return Rendered(text="".join(pieces), values={name: value for value, name in names.items()})


def evaluate_part(driver: Driver, part: Part, holes: Sequence[Hole]) -> Output:
    """Emit the fragment that evaluates an expression, or a part of one, by itself."""
    start, end = driver.offsets(part.node)
    rendered = render(driver, start, end, holes)
    source = f"{part.opening}{rendered.text}{part.closing}"
    code = _parse(f"({source}\n)", "") if holes or part.opening else [part.node]
    effect = flow(code)
    check_reads(driver, effect)
    if bound := sorted(effect.changes & driver.locals):
        raise reasons.conditional_binding(bound[0])
    inputs = _inputs(driver, effect.reads, rendered)
    return driver.emit(
        lambda node: PythonNode(
            id=node,
            form=FragmentForm.EXPRESSION,
            source=source,
            inputs=inputs,
            outputs=(),
            indent="",
            global_names=tuple(sorted(effect.changes & driver.globals)),
            is_async=awaits(code),
            type=_form_type(part.node),
            span=driver.source.span(start, end),
        )
    )


@dataclass(slots=True)
class Run:
    """Plain statements that follow each other, to become one node."""

    start: int
    end: int
    code: list[cst.CSTNode]
    holes: list[Hole]
    effect: Flow
    """What it does to variables."""

    def extend(self, node: cst.CSTNode, end: int, effect: Flow) -> None:
        """Take in the next statement."""
        self.code.append(node)
        self.end = end
        self.effect = self.effect.then(effect)


def start_run(driver: Driver, start: int, end: int, node: cst.CSTNode, holes: list[Hole]) -> Run:
    """A run whose first statement has holes, or none."""
    code = [node]
    if holes:
        code = _parse(render(driver, start, end, holes).text, indent_before(driver, start))
    return Run(start, end, code, holes, flow(code))


def check_reads(driver: Driver, effect: Flow) -> None:
    """Raises NotLowered where code reads a variable that neither it nor any before it binds."""
    for name in sorted((effect.reads - effect.changes) & driver.locals):
        driver.read(name)


def emit_run(driver: Driver, run: Run, read_later: frozenset[str]) -> None:
    """Emit the node of a run, and let the variables that it leaves behind come from it."""
    rendered = render(driver, run.start, run.end, run.holes)
    effect = run.effect
    changed = effect.changes & driver.locals
    outputs = tuple(sorted(changed & read_later))
    needed = effect.reads | (frozenset(outputs) - effect.binds)
    inputs = _inputs(driver, needed, rendered)
    node = driver.emit(
        lambda node: PythonNode(
            id=node,
            form=FragmentForm.STATEMENTS,
            source=rendered.text,
            inputs=inputs,
            outputs=outputs,
            indent=indent_before(driver, run.start),
            global_names=tuple(sorted(effect.changes & driver.globals)),
            is_async=awaits(run.code),
            type=None,
            span=driver.source.span(run.start, run.end),
        )
    )
    leave_behind(driver, node, effect, outputs)


def leave_behind(driver: Driver, node: Output, effect: Flow, outputs: tuple[str, ...]) -> None:
    """Variables that a node changed come from it now; those that nobody reads are forgotten."""
    certain = {
        name
        for name in outputs
        if name in effect.binds
        or (
            name in driver.variables and name not in driver.uncertain and name not in effect.unbinds
        )
    }
    for name in effect.changes & driver.locals:
        driver.variables.pop(name, None)
        driver.uncertain.discard(name)
    for name in outputs:
        driver.bind(name, Output(node.node, (name,)))
    driver.uncertain.update(set(outputs) - certain)


def variables_in(driver: Driver, names: Iterable[str]) -> tuple[tuple[str, Operand], ...]:
    """The variables among some names that have a value here, by name."""
    known = sorted(set(names) & driver.locals & driver.variables.keys())
    return tuple((name, driver.variables[name]) for name in known)


def awaits(code: Sequence[cst.CSTNode]) -> bool:
    """Whether code awaits, in the function that it stands in."""
    stack = list(code)
    while stack:
        node = stack.pop()
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


def indent_before(driver: Driver, start: int) -> str:
    """The white space before the first statement of a line; none after anything else."""
    text = driver.source.text
    line = text[text.rfind("\n", 0, start) + 1 : start]
    return line if line.isspace() else ""


def _inputs(
    driver: Driver, names: frozenset[str], rendered: Rendered
) -> tuple[tuple[str, Operand], ...]:
    return (*rendered.values.items(), *variables_in(driver, names))


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
        case cst.FormattedString():
            return "str"
        case cst.ConcatenatedString():
            return "str"
        case cst.UnaryOperation(operator=cst.Not()):
            return "bool"
        case _:
            return None
