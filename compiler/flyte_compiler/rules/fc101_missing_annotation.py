"""FC101: a parameter of a task says nothing about its type."""

from __future__ import annotations

from collections.abc import Iterator

from flyte_compiler.callgraph.model import Definition
from flyte_compiler.diagnostics.model import Diagnostic, Label, Rule, Severity
from flyte_compiler.rules.facts import Facts
from flyte_compiler.syntax.model import Parameter, ParameterKind

RULE = Rule("FC101", "missing-annotation", Severity.ERROR)

_VARIADIC = (ParameterKind.VAR_POSITIONAL, ParameterKind.VAR_KEYWORD)


def check(facts: Facts) -> Iterator[Diagnostic]:
    """One a parameter; what FC106 says of variadic ones is enough."""
    for definition in facts.call_graph.definitions:
        if definition.is_task:
            for parameter in _parameters(definition):
                if parameter.annotation is None and parameter.kind not in _VARIADIC:
                    yield _missing(definition, parameter)


def _parameters(definition: Definition) -> tuple[Parameter, ...]:
    """Without the receiver of a method."""
    parameters = definition.function.signature.parameters
    owner = definition.function.name.rpartition(".")[0]
    is_method = bool(owner) and not owner.endswith("<locals>")
    return parameters[1:] if is_method else parameters


def _missing(definition: Definition, parameter: Parameter) -> Diagnostic:
    return Diagnostic(
        rule=RULE,
        severity=RULE.severity,
        message=f"parameter `{parameter.name}` of task `{definition.name}` has no annotation",
        primary=Label(parameter.span, "of no declared type"),
        helps=(f"write `{parameter.name}: ...`, with the type of what callers hand over",),
    )
