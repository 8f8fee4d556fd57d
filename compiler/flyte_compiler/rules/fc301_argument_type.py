"""FC301: an argument of a type that the parameter doesn't take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from types import MappingProxyType

from flyte_compiler.callgraph.model import ValueCall
from flyte_compiler.diagnostics.model import Diagnostic, Label, Rule, Severity
from flyte_compiler.rules.facts import Facts
from flyte_compiler.rules.mismatching import (
    NEVER_CONVERTED,
    helps_of,
    is_said_already,
    severity_of,
    types_of,
    value_label,
)
from flyte_compiler.typecheck.boundary import Boundary, BoundaryKind, Origin
from flyte_compiler.typecheck.explain import Mismatch

RULE = Rule("FC301", "argument-type", Severity.ERROR)

_VERBS: Mapping[Origin, str] = MappingProxyType(
    {
        Origin.CALL: "receives",
        Origin.PARTIAL: "is bound to",
        Origin.DEFAULT: "has the default",
        Origin.TRIGGER: "is triggered with",
        Origin.RETURN: "returns",
        Origin.YIELD: "yields",
    }
)


def check(facts: Facts) -> Iterator[Diagnostic]:
    """One a value; of a call of one of several tasks, only what none of them takes."""
    given = [each for each in facts.boundaries() if each.kind is BoundaryKind.ARGUMENT]
    for _, same in groupby(given, key=lambda each: each.span):
        boundaries = list(same)
        found = boundaries[0].mismatch
        is_value_call = isinstance(boundaries[0].site, ValueCall)
        if is_value_call and any(each.mismatch is None for each in boundaries):
            continue
        if found is not None and not is_said_already(boundaries[0], found, facts):
            yield _wrong(boundaries[0], found, facts)


def _wrong(boundary: Boundary, found: Mismatch, facts: Facts) -> Diagnostic:
    provided, expected = types_of(boundary)
    name = boundary.definition.function.short_name
    verb = _VERBS[boundary.origin]
    crosses = boundary.origin is Origin.CALL and boundary.definition.is_task
    return Diagnostic(
        rule=RULE,
        severity=severity_of(found),
        message=(
            f"`{name}` expects `{expected}` for `{boundary.parameter}`, but {verb} `{provided}`"
        ),
        primary=value_label(boundary, found, facts),
        labels=() if boundary.origin is Origin.DEFAULT else (_declared(boundary),),
        notes=(NEVER_CONVERTED,) if crosses else (),
        helps=tuple(helps_of(boundary, found, facts)),
    )


def _declared(boundary: Boundary) -> Label:
    return Label(boundary.declaration, "expected here")
