"""Task environments: assignments of a call that makes one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import libcst as cst

from flyte_compiler.syntax.arguments import argument_named, arguments_of
from flyte_compiler.syntax.imports import written_name
from flyte_compiler.syntax.model import EnvironmentDef, Import
from flyte_compiler.syntax.positions import Positions
from flyte_compiler.syntax.statements import Placed
from flyte_compiler.syntax.tree import dotted, nodes_of

_MAKERS = {"flyte.TaskEnvironment": 0, "flyte.TaskEnvironment.from_task": 0}
"""What makes an environment, and the position of the argument that names it."""
_CLONE = "clone_with"


class _Assignment(NamedTuple):
    target: cst.CSTNode
    value: cst.CSTNode


def environments_among(
    statements: Iterable[Placed], imports: Sequence[Import], positions: Positions
) -> tuple[EnvironmentDef, ...]:
    """The environments that a module's statements make, in source order."""
    return tuple(
        EnvironmentDef(
            variable=placed.place.prefix + variable,
            name=name.literal if name and isinstance(name.literal, str) else None,
            arguments=arguments_of(call, positions),
            exclusive=placed.place.exclusive,
            span=positions.span(call),
            name_span=name.span if name else positions.span(call),
        )
        for placed in statements
        for target, call in _assignments(placed.node)
        if isinstance(call, cst.Call) and (variable := dotted(target)) is not None
        if (position := _names_at(call, imports)) is not None
        for name in [argument_named(arguments_of(call, positions), "name", position=position)]
    )


def _names_at(call: cst.Call, imports: Sequence[Import]) -> int | None:
    """The position of the argument that names the environment; None where a call makes none."""
    if isinstance(call.func, cst.Attribute) and call.func.attr.value == _CLONE:
        return 0
    if (name := dotted(call.func)) is None:
        return None
    meaning = written_name(name, imports)
    if meaning is None and any(i.attribute == "*" and i.module == "flyte" for i in imports):
        meaning = f"flyte.{name}"
    return _MAKERS.get(meaning or "")


def _assignments(node: cst.CSTNode) -> Iterator[_Assignment]:
    """Targets and values of a statement. `a = b = call` makes one environment, known as `a`; the
    other names are aliases."""
    match node:
        case cst.Assign():
            yield from _paired(node.targets[0].target, node.value)
        case cst.AnnAssign(value=cst.BaseExpression() as value):
            yield _Assignment(node.target, value)
        case cst.If() | cst.While():
            yield from _walruses(node.test)
        case cst.Expr():
            yield from _walruses(node.value)
        case _:
            return


def _paired(target: cst.CSTNode, value: cst.CSTNode) -> Iterator[_Assignment]:
    match target, value:
        case ((cst.Tuple() | cst.List()), (cst.Tuple() | cst.List())) if len(
            target.elements
        ) == len(value.elements):
            for left, right in zip(target.elements, value.elements, strict=True):
                yield _Assignment(left.value, right.value)
        case _:
            yield _Assignment(target, value)
            yield from _walruses(value) if isinstance(value, cst.NamedExpr) else ()


def _walruses(expression: cst.CSTNode) -> Iterator[_Assignment]:
    for node in nodes_of(cst.NamedExpr, expression):
        yield _Assignment(node.target, node.value)
