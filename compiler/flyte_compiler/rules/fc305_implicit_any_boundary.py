"""FC305: nobody knows the type of what crosses a boundary."""

from __future__ import annotations

from collections.abc import Iterator

from flyte_compiler.diagnostics.model import Diagnostic, Label, Rule, Severity
from flyte_compiler.rules.facts import Facts
from flyte_compiler.typecheck.boundary import Boundary, Origin
from flyte_compiler.typecheck.model import AnyType
from flyte_compiler.typecheck.oracle import TypeSource
from flyte_compiler.typecheck.show import show

RULE = Rule("FC305", "implicit-any-boundary", Severity.NOTE)


def check(facts: Facts) -> Iterator[Diagnostic]:
    """One a value. Annotations alone don't know most types: with them nothing is said."""
    if facts.types is None or facts.types.oracle.source is not TypeSource.MYPY:
        return
    for boundary in facts.boundaries():
        is_unknown = isinstance(boundary.provided, AnyType) and not boundary.provided.is_declared
        is_known = is_unknown and facts.types.oracle.type_of(boundary.span) is not None
        if is_known and not isinstance(boundary.expected, AnyType):
            yield _unknown(boundary)


def _unknown(boundary: Boundary) -> Diagnostic:
    name, expected = boundary.definition.function.short_name, show(boundary.expected)
    match boundary.origin:
        case Origin.RETURN | Origin.YIELD:
            message = f"nothing says whether what `{name}` returns is a `{expected}`"
        case Origin.CALL | Origin.PARTIAL | Origin.DEFAULT | Origin.TRIGGER:
            message = f"nothing says whether `{boundary.parameter}` of `{name}` is a `{expected}`"
    return Diagnostic(
        rule=RULE,
        severity=RULE.severity,
        message=message,
        primary=Label(boundary.span, "of no known type"),
        labels=(Label(boundary.declaration, f"`{expected}` is declared here"),),
        helps=("annotate where the value comes from",),
    )
