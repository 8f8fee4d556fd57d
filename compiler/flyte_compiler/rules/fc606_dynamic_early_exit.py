"""FC606: a statement that may leave the driver before its end is left to run as Python."""

from __future__ import annotations

from collections.abc import Iterator

from flyte_compiler.diagnostics.model import Diagnostic, Rule, Severity
from flyte_compiler.ir.leaves import Reason
from flyte_compiler.rules.facts import Facts
from flyte_compiler.rules.reasons import left_dynamic, not_compilable

RULE = Rule("FC606", "dynamic-early-exit", Severity.NOTE)

_CURE = "return once, as the last statement, or let a task decide"


def check(facts: Facts) -> Iterator[Diagnostic]:
    """An error in a compiled task, a note in any other driver."""
    for left in left_dynamic(facts, Reason.EARLY_EXIT):
        yield not_compilable(RULE, left, _CURE)
