"""FC605: a generator expression with calls, not used up at once, is left to run as Python."""

from __future__ import annotations

from collections.abc import Iterator

from flyte_compiler.diagnostics.model import Diagnostic, Rule, Severity
from flyte_compiler.ir.leaves import Reason
from flyte_compiler.rules.facts import Facts
from flyte_compiler.rules.reasons import left_dynamic, not_compilable

RULE = Rule("FC605", "dynamic-generator-expression", Severity.NOTE)

_CURE = "write a list comprehension, `[...]`: its calls are made where it stands"


def check(facts: Facts) -> Iterator[Diagnostic]:
    """An error in a compiled task, a note in any other driver."""
    for left in left_dynamic(facts, Reason.GENERATOR_EXPRESSION):
        yield not_compilable(RULE, left, _CURE)
