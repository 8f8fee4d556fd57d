"""FC102: a type whose values have no encoding crosses a boundary."""

from __future__ import annotations

from collections.abc import Iterator

from flyte_compiler.callgraph.model import Definition
from flyte_compiler.diagnostics.model import Diagnostic, Label, Rule, Severity
from flyte_compiler.rules.facts import Facts
from flyte_compiler.typecheck.boundary import Boundary, Origin
from flyte_compiler.typecheck.crossing import (
    NEVER_AS_VALUES,
    Manner,
    Obstacle,
    find_obstacle,
    is_local_callable,
)
from flyte_compiler.typecheck.model import ClassType, Type
from flyte_compiler.typecheck.program import TypedProgram
from flyte_compiler.typecheck.show import show

RULE = Rule("FC102", "unsupported-boundary-type", Severity.ERROR)


def check(facts: Facts) -> Iterator[Diagnostic]:
    """One a declaration, and one a value that its declaration doesn't give away."""
    types = facts.types
    if types is None:
        return
    for definition in facts.call_graph.definitions:
        # Below another decorator, the function's own signature may not be the task's.
        if definition.is_task and len(definition.function.decorators) == 1:
            yield from _of_declarations(definition, types)
    for boundary in types.boundaries:
        if boundary.mismatch is None and boundary.definition.is_task:
            yield from _of_value(boundary, types)


def _of_declarations(definition: Definition, types: TypedProgram) -> Iterator[Diagnostic]:
    signature = types.oracle.signature_of(definition)
    name = definition.function.short_name
    for parameter in definition.function.signature.parameters:
        declared = signature.parameters.get(parameter.name)
        found = None if declared is None else find_obstacle(declared, types.classes)
        if found is not None:
            what = f"`{parameter.name}` of `{name}`"
            yield _obstacle(found, what, Label(parameter.span, _words(found)))
    result = signature.result
    if definition.function.signature.is_generator and result is not None:
        result = types.oracle.element_of(result)
    found = None if result is None else find_obstacle(result, types.classes)
    tree, function = (
        types.trees.of_module.get(definition.module),
        types.trees.function_of(definition),
    )
    if found is not None and tree is not None and function is not None and function.returns:
        label = Label(tree.span(function.returns), _words(found))
        yield _obstacle(found, f"the result of `{name}`", label)


def _obstacle(found: Obstacle, what: str, label: Label) -> Diagnostic:
    where = f" in `{'.'.join(found.path)}`" if found.path else ""
    part = show(found.part)
    is_refused = found.manner is Manner.REFUSED
    return Diagnostic(
        rule=RULE,
        severity=Severity.ERROR if is_refused else Severity.WARNING,
        message=f"{what} has a `{part}`{where}, which "
        + ("can't cross from task to task" if is_refused else "has no encoding of its own"),
        primary=label,
        helps=("hand over what it is made from, and make it inside",)
        if is_refused
        else (f"make `{part}` a dataclass, so that it crosses by its fields",),
    )


def _words(found: Obstacle) -> str:
    return "refused by pickle too" if found.manner is Manner.REFUSED else "crosses as signed pickle"


def _of_value(boundary: Boundary, types: TypedProgram) -> Iterator[Diagnostic]:
    if boundary.origin in (Origin.RETURN, Origin.YIELD) and _is_map(boundary.provided):
        return
    name = boundary.definition.function.short_name
    what = "the result" if boundary.parameter is None else f"`{boundary.parameter}`"
    is_never = (
        isinstance(boundary.provided, ClassType) and boundary.provided.name in NEVER_AS_VALUES
    )
    if is_never or is_local_callable(boundary.span, types.trees):
        yield Diagnostic(
            rule=RULE,
            severity=Severity.ERROR,
            message=f"{what} of `{name}` is a `{show(boundary.provided)}`, which can't cross from "
            "task to task",
            primary=Label(boundary.span, "refused by pickle too"),
        )


def _is_map(provided: Type) -> bool:
    return isinstance(provided, ClassType) and provided.name.endswith("MapResults")
