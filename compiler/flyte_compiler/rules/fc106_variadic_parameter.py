"""FC106: a task takes `*args` or `**kwargs`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from flyte_compiler.callgraph.model import Definition
from flyte_compiler.diagnostics.model import Diagnostic, Label, Rule, Severity
from flyte_compiler.rules.facts import Facts
from flyte_compiler.syntax.model import Parameter, ParameterKind

RULE = Rule("FC106", "variadic-parameter", Severity.ERROR)

_CURES: Mapping[ParameterKind, str] = MappingProxyType(
    {
        ParameterKind.VAR_POSITIONAL: "take one parameter that is a `list`",
        ParameterKind.VAR_KEYWORD: "name each parameter, or take one that is a `dict`",
    }
)


def check(facts: Facts) -> Iterator[Diagnostic]:
    """One a parameter; a trace may take what it likes, it crosses no boundary."""
    for definition in facts.call_graph.definitions:
        if definition.is_task:
            for parameter in definition.function.signature.parameters:
                if parameter.kind in _CURES:
                    yield _variadic(definition, parameter)


def _variadic(definition: Definition, parameter: Parameter) -> Diagnostic:
    written = f"{parameter.kind.value}{parameter.name}"
    return Diagnostic(
        rule=RULE,
        severity=RULE.severity,
        message=f"task `{definition.name}` takes `{written}`",
        primary=Label(parameter.span, "a task's parameters are named, one by one"),
        helps=(_CURES[parameter.kind],),
    )
