"""FC610: a coroutine that is used as a value is left to run as Python."""

from __future__ import annotations

from collections.abc import Iterator

from flyte_compiler.diagnostics.model import Diagnostic, Rule, Severity
from flyte_compiler.ir.leaves import DynamicNode, Reason
from flyte_compiler.rules.facts import Facts
from flyte_compiler.rules.fc203_unawaited_task import is_unawaited
from flyte_compiler.rules.reasons import left_dynamic, not_compilable

RULE = Rule("FC610", "dynamic-coroutine", Severity.NOTE)

_CURE = "await each call where it stands, or hand it to `asyncio.gather(...)` in place"


def check(facts: Facts) -> Iterator[Diagnostic]:
    """An error in a compiled task, a note in any other driver; silent where FC203 says why."""
    for left in left_dynamic(facts, Reason.COROUTINE):
        if not _is_explained(facts, left.node):
            yield not_compilable(RULE, left, _CURE)


def _is_explained(facts: Facts, node: DynamicNode) -> bool:
    return any(is_unawaited(site) for site in facts.sites_within(node.span))
