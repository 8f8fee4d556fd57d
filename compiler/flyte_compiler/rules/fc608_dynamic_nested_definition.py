"""FC608: a class or driver inside a function is left to run as Python."""

from __future__ import annotations

from collections.abc import Iterator

from flyte_compiler.diagnostics.model import Diagnostic, Rule, Severity
from flyte_compiler.ir.leaves import Reason
from flyte_compiler.rules.facts import Facts
from flyte_compiler.rules.reasons import left_dynamic, not_compilable

RULE = Rule("FC608", "dynamic-nested-definition", Severity.NOTE)

_CURE = "define it in the module, and hand it the values that it needs"


def check(facts: Facts) -> Iterator[Diagnostic]:
    """An error in a compiled task, a note in any other driver."""
    for left in left_dynamic(facts, Reason.NESTED_DEFINITION):
        yield not_compilable(RULE, left, _CURE)
