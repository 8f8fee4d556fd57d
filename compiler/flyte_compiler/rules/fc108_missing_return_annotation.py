"""FC108: a task returns a value and declares nothing."""

from __future__ import annotations

from collections.abc import Iterator

from flyte_compiler.callgraph.model import Definition
from flyte_compiler.diagnostics.model import Diagnostic, Label, Rule, Severity
from flyte_compiler.rules.facts import Facts
from flyte_compiler.source.span import Span
from flyte_compiler.typecheck.handed import returned_by
from flyte_compiler.typecheck.model import AnyType, NoneType
from flyte_compiler.typecheck.program import TypedProgram
from flyte_compiler.typecheck.show import show

RULE = Rule("FC108", "missing-return-annotation", Severity.ERROR)


def check(facts: Facts) -> Iterator[Diagnostic]:
    """One a task, at its name."""
    for definition in facts.call_graph.definitions:
        signature = definition.function.signature
        if definition.is_task and signature.result is None and facts.types is not None:
            values = list(_values(definition, facts.types))
            if values and not signature.is_generator:
                yield _missing(definition, values, facts.types)


def _values(definition: Definition, types: TypedProgram) -> Iterator[Span]:
    """What it returns that isn't `None`."""
    function = types.trees.function_of(definition)
    tree = types.trees.of_module.get(definition.module)
    if function is None or tree is None:
        return
    for returned in returned_by(function, tree):
        found = None if returned.is_empty else types.oracle.type_of(returned.value)
        if not returned.is_empty and not isinstance(found, NoneType):
            yield returned.value


def _missing(definition: Definition, values: list[Span], types: TypedProgram) -> Diagnostic:
    name = definition.function.name_span
    shown = {show(each) for each in map(types.oracle.type_of, values) if each is not None}
    known = shown.pop() if len(shown) == 1 else show(AnyType())
    wanted = "..." if "Any" in known else known
    return Diagnostic(
        rule=RULE,
        severity=RULE.severity,
        message=f"task `{definition.name}` returns a value, and declares no result",
        primary=Label(name, "without `->`"),
        labels=(Label(values[0], "returned here"),),
        helps=(f"write `-> {wanted}:` behind its parameters",),
    )
