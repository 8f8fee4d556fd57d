"""FC307: a map or a gather hands errors on, and its results are used as if there were none."""

from __future__ import annotations

from collections.abc import Iterator

from flyte_compiler.dataflow.outcomes import Gathering
from flyte_compiler.dataflow.untested import Untested, Use
from flyte_compiler.diagnostics.model import Diagnostic, Edit, Fix, Label, Rule, Severity
from flyte_compiler.rules.facts import Facts
from flyte_compiler.rules.told import overlap
from flyte_compiler.typecheck.explain import Reason

RULE = Rule("FC307", "unchecked-map-error", Severity.WARNING)

_OPTION = "return_exceptions"
_CURE = f"write `{_OPTION}=False`"


def check(facts: Facts) -> Iterator[Diagnostic]:
    """One a call; what is said of an argument's or a result's type is said there."""
    told = [
        each.span
        for each in facts.boundaries()
        if each.mismatch is not None and each.mismatch.reason is Reason.MAYBE_ERROR
    ]
    for gathering, uses in Untested(facts.trees).uses():
        if not any(overlap(use.span, span) for use in uses for span in told):
            yield _unchecked(gathering, uses[0], facts)


def _unchecked(gathering: Gathering, use: Use, facts: Facts) -> Diagnostic:
    edit = _edit(gathering, facts)
    return Diagnostic(
        rule=RULE,
        severity=RULE.severity,
        message=f"results of `{gathering.name}` may be errors, and nothing tests them",
        primary=Label(gathering.callee, "an error stands where a result is missing"),
        labels=(Label(use.span, f"{use.how} without a test"),),
        helps=(f"{_CURE}, or test each result with `isinstance(..., Exception)`",),
        fix=None if edit is None else Fix(title=_CURE, edits=(edit,), safe=True),
    )


def _edit(gathering: Gathering, facts: Facts) -> Edit | None:
    """None where somebody wrote that errors are wanted, or a comment is in the way."""
    if any(each.arg == _OPTION for each in gathering.tree.keywords):
        return None
    source = facts.call_graph.modules[gathering.module].source
    start = source.offset(gathering.callee.end)
    before = source.text[start : source.offset(gathering.span.end) - 1].rstrip()
    if "#" in before:
        return None
    place = start + len(before)
    comma = "" if before.endswith(",") else ","
    return Edit(source.span(place, place), f"{comma} {_OPTION}=False")
