"""FC602: a `match` with a guard that calls a task is left to run as Python."""

from __future__ import annotations

from collections.abc import Iterator

from flyte_compiler.diagnostics.model import Diagnostic, Rule, Severity
from flyte_compiler.ir.leaves import Reason
from flyte_compiler.rules.facts import Facts
from flyte_compiler.rules.reasons import left_dynamic, not_compilable

RULE = Rule("FC602", "dynamic-match-guard", Severity.NOTE)

_CURE = "call the task before the `match`, or in the body of the `case`"


def check(facts: Facts) -> Iterator[Diagnostic]:
    """An error in a compiled task, a note in any other driver."""
    for left in left_dynamic(facts, Reason.MATCH_GUARD):
        yield not_compilable(RULE, left, _CURE)
