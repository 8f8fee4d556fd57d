"""FC620: functions that share a comprehension's variable is left to run as Python."""

from __future__ import annotations

from collections.abc import Iterator

from flyte_compiler.diagnostics.model import Diagnostic, Rule, Severity
from flyte_compiler.ir.leaves import Reason
from flyte_compiler.rules.facts import Facts
from flyte_compiler.rules.reasons import left_dynamic, not_compilable

RULE = Rule("FC620", "dynamic-comprehension-function", Severity.NOTE)

_CURE = "give the function the value as a default: `lambda i=i: ...`"


def check(facts: Facts) -> Iterator[Diagnostic]:
    """An error in a compiled task, a note in any other driver."""
    for left in left_dynamic(facts, Reason.COMPREHENSION_FUNCTION):
        yield not_compilable(RULE, left, _CURE)
