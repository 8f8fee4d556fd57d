"""FC303: a task or trace returns what it doesn't declare."""

from __future__ import annotations

from collections.abc import Iterator

from flyte_compiler.diagnostics.model import Diagnostic, Label, Rule, Severity
from flyte_compiler.rules.facts import Facts
from flyte_compiler.rules.mismatching import helps_of, severity_of, types_of, value_label
from flyte_compiler.typecheck.boundary import Boundary, BoundaryKind, Origin
from flyte_compiler.typecheck.explain import Mismatch, Reason
from flyte_compiler.typecheck.model import ClassType

RULE = Rule("FC303", "return-type", Severity.ERROR)


def check(facts: Facts) -> Iterator[Diagnostic]:
    """One a `return`, or a `yield` of a generator."""
    for boundary in facts.boundaries():
        found = boundary.mismatch
        if boundary.kind is BoundaryKind.RESULT and found is not None:
            yield _wrong(boundary, found, facts)


def _wrong(boundary: Boundary, found: Mismatch, facts: Facts) -> Diagnostic:
    provided, expected = types_of(boundary)
    name = boundary.definition.function.short_name
    verb = "yields" if boundary.origin is Origin.YIELD else "returns"
    is_map = _is_map(boundary, found)
    given = "the results of a `flyte.map`, not collected" if is_map else f"`{provided}`"
    return Diagnostic(
        rule=RULE,
        severity=Severity.WARNING if is_map else severity_of(found),
        message=f"`{name}` declares `{expected}`, but {verb} {given}",
        primary=value_label(boundary, found, facts),
        labels=(Label(boundary.declaration, "declared here"),),
        notes=("an engine may collect them, or hand on an iterator",) if is_map else (),
        helps=tuple(helps_of(boundary, found, facts)),
    )


def _is_map(boundary: Boundary, found: Mismatch) -> bool:
    """What a map gives is collected where a list is declared, and elsewhere it isn't."""
    provided = boundary.provided
    is_lazy = found.reason is Reason.NOT_COLLECTED and not found.path
    return is_lazy and isinstance(provided, ClassType) and provided.name.endswith("MapResults")
