"""FC607: a function that calls tasks, out of its call's reach, is left to run as Python."""

from __future__ import annotations

from collections.abc import Iterator

from flyte_compiler.diagnostics.model import Diagnostic, Rule, Severity
from flyte_compiler.ir.leaves import Reason
from flyte_compiler.rules.facts import Facts
from flyte_compiler.rules.reasons import left_dynamic, not_compilable

RULE = Rule("FC607", "dynamic-helper", Severity.NOTE)

_CURE = "call the method on its object, `runner.run(...)`, or make it a function of the module"


def check(facts: Facts) -> Iterator[Diagnostic]:
    """An error in a compiled task, a note in any other driver."""
    for left in left_dynamic(facts, Reason.HELPER):
        yield not_compilable(RULE, left, _CURE)
