"""FC618: a place that calls work out is left to run as Python."""

from __future__ import annotations

from collections.abc import Iterator

from flyte_compiler.diagnostics.model import Diagnostic, Rule, Severity
from flyte_compiler.ir.leaves import Reason
from flyte_compiler.rules.facts import Facts
from flyte_compiler.rules.reasons import left_dynamic, not_compilable

RULE = Rule("FC618", "dynamic-computed-target", Severity.NOTE)

_CURE = "work out the place first, in a statement of its own"


def check(facts: Facts) -> Iterator[Diagnostic]:
    """An error in a compiled task, a note in any other driver."""
    for left in left_dynamic(facts, Reason.COMPUTED_TARGET):
        yield not_compilable(RULE, left, _CURE)
