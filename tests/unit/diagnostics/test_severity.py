from __future__ import annotations

from pathlib import Path

import pytest

from flyte_compiler.diagnostics.model import Diagnostic, Label, Rule, Severity
from flyte_compiler.diagnostics.select import Selection, Selector
from flyte_compiler.diagnostics.severity import Gravity, Override
from flyte_compiler.diagnostics.target import UPSTREAM_FAILURES, Target
from flyte_compiler.rules.registry import rules
from flyte_compiler.source.span import Position, Span

SPAN = Span(path=Path("a.py"), start=Position(1, 1), end=Position(1, 2))
BLOCKING = Rule("FC206", "blocking-task-call", Severity.WARNING)
CLOCK = Rule("FC401", "nondeterministic-value", Severity.WARNING)


def severity(rule: Rule, gravity: Gravity) -> str:
    found = Diagnostic(
        rule=rule, severity=rule.severity, message="wrong", primary=Label(SPAN, "here")
    )
    (weighed,) = gravity.weigh([found])
    return weighed.severity.value


def override(word: str, grade: str) -> Override:
    return Override(selector=Selector(word), severity=Severity(grade))


def test_only_what_fails_there_is_an_error_for_upstream() -> None:
    upstream = Gravity(target=Target.UPSTREAM)
    assert severity(BLOCKING, upstream) == "error"
    assert severity(CLOCK, upstream) == "warning"
    assert severity(BLOCKING, Gravity()) == "warning"


def test_a_project_has_the_last_word_about_a_rule() -> None:
    gravity = Gravity(target=Target.UPSTREAM, overrides=(override("FC206", "note"),))
    assert severity(BLOCKING, gravity) == "note"


@pytest.mark.parametrize(
    "overrides",
    [
        (override("FC2", "error"), override("blocking-task-call", "note")),
        (override("FC206", "note"), override("FC", "error")),
    ],
)
def test_the_narrowest_word_counts(overrides: tuple[Override, ...]) -> None:
    assert severity(BLOCKING, Gravity(overrides=overrides)) == "note"


def test_warnings_as_errors_come_last() -> None:
    gravity = Gravity(overrides=(override("FC206", "warning"),), warnings_as_errors=True)
    assert severity(BLOCKING, gravity) == "error"


def test_what_fails_upstream_is_never_a_note() -> None:
    known = {each.rule.code: each.rule.severity for each in rules()}
    assert all(known.get(code) is not Severity.NOTE for code in UPSTREAM_FAILURES)


@pytest.mark.parametrize(
    ("select", "is_wanted"), [("", False), ("FC2", False), ("FC206", True), ("FC4", False)]
)
def test_the_usual_ignores_give_way_to_words_as_narrow(select: str, is_wanted: bool) -> None:
    chosen = (Selector(select),) if select else ()
    selection = Selection(select=chosen, usually_ignore=(Selector("FC206"),))
    assert selection.wants(BLOCKING) is is_wanted
