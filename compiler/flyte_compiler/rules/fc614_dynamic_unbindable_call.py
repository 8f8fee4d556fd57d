"""FC614: a call whose arguments can't be matched to parameters is left to run as Python."""

from __future__ import annotations

from collections.abc import Iterator

from flyte_compiler.diagnostics.model import Diagnostic, Rule, Severity
from flyte_compiler.ir.leaves import DynamicNode, Reason
from flyte_compiler.rules.binding import mismatch
from flyte_compiler.rules.facts import Facts
from flyte_compiler.rules.reasons import left_dynamic, not_compilable

RULE = Rule("FC614", "dynamic-unbindable-call", Severity.NOTE)

_CURE = "call the task by its own name, with arguments that its signature shows"


def check(facts: Facts) -> Iterator[Diagnostic]:
    """An error in a compiled task, a note in any other driver; silent where FC302 says why."""
    for left in left_dynamic(facts, Reason.UNBINDABLE_CALL):
        if not _is_explained(facts, left.node):
            yield not_compilable(RULE, left, _CURE)


def _is_explained(facts: Facts, node: DynamicNode) -> bool:
    return any(mismatch(site) is not None for site in facts.sites_within(node.span))
