"""FC619: a helper that is a value is left to run as Python."""

from __future__ import annotations

from collections.abc import Iterator

from flyte_compiler.diagnostics.model import Diagnostic, Rule, Severity
from flyte_compiler.ir.leaves import Reason
from flyte_compiler.rules.facts import Facts
from flyte_compiler.rules.reasons import left_dynamic, not_compilable

RULE = Rule("FC619", "dynamic-handed-helper", Severity.NOTE)

_CURE = "hand on a plain function of the module, or a `lambda` that makes the call"


def check(facts: Facts) -> Iterator[Diagnostic]:
    """An error in a compiled task, a note in any other driver."""
    for left in left_dynamic(facts, Reason.HANDED_HELPER):
        yield not_compilable(RULE, left, _CURE)
