"""FC613: a generator that calls tasks is left to run as Python."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flyte_compiler.diagnostics.model import Diagnostic, Rule, Severity
from flyte_compiler.ir.leaves import Reason
from flyte_compiler.rules.facts import Facts, holds
from flyte_compiler.rules.reasons import LeftDynamic, left_dynamic, not_compilable
from flyte_compiler.source.span import Span

RULE = Rule("FC613", "dynamic-generator", Severity.NOTE)

_CURE = "return a list, or let a `@flyte.trace` function yield"


def check(facts: Facts) -> Iterator[Diagnostic]:
    """An error in a compiled task, a note in any other driver. A function that is left says it
    for its calls, too."""
    found = tuple(left_dynamic(facts, Reason.GENERATOR))
    for left in found:
        callees = [site.callee.function.span for site in facts.sites_within(left.node.span)]
        if not any(_is_defined_by(other, callees) for other in found if other is not left):
            yield not_compilable(RULE, left, _CURE)


def _is_defined_by(left: LeftDynamic, functions: Sequence[Span]) -> bool:
    return any(holds(left.node.span, function) for function in functions)
