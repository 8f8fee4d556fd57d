"""FC307: a map or a gather hands errors on, and its results are used as if there were none."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flyte_compiler.dataflow.outcomes import Gathering
from flyte_compiler.dataflow.untested import Untested, Use
from flyte_compiler.diagnostics.model import Diagnostic, Edit, Fix, Label, Rule, Severity
from flyte_compiler.rules.facts import Facts
from flyte_compiler.rules.told import overlap
from flyte_compiler.source.span import Span
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
        fix=None if edit is None else Fix(title=_CURE, edits=(edit,), safe=_is_silent(gathering)),
    )


def _is_silent(gathering: Gathering) -> bool:
    """Whether nothing says that errors are wanted: it is the default of maps."""
    return _written(gathering) is None


def _written(gathering: Gathering) -> ast.expr | None:
    keywords = gathering.tree.keywords
    return next((each.value for each in keywords if each.arg == _OPTION), None)


def _edit(gathering: Gathering, facts: Facts) -> Edit | None:
    """None where the value is computed, or a comment is in the way."""
    module = facts.trees.of(gathering.module)
    assert module is not None
    match _written(gathering):
        case ast.Constant() as written:
            return Edit(module.span(written), "False")
        case None:
            source = module.source
            start = source.offset(gathering.callee.end)
            end = source.offset(gathering.span.end) - 1
            before = source.text[start:end]
            if "#" in before:
                return None
            place: Span = source.span(start + len(before.rstrip()), start + len(before.rstrip()))
            comma = "" if before.rstrip().endswith(",") else ","
            return Edit(place, f"{comma} {_OPTION}=False")
        case _:
            return None
