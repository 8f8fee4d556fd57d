from __future__ import annotations

from pathlib import Path

import pytest

from flyte_compiler.diagnostics.model import Diagnostic, Label, Rule, Severity
from flyte_compiler.diagnostics.reporter import report, warnings_as_errors
from flyte_compiler.diagnostics.select import Selection, parse_selectors, shown_to_people
from flyte_compiler.source.text import SourceFile

COUNT = Rule("FC302", "argument-count", Severity.ERROR)
TYPE = Rule("FC301", "argument-type", Severity.WARNING)
LOOP = Rule("FC601", "dynamic-loop", Severity.NOTE)
RULES = (COUNT, TYPE, LOOP)
PATH = Path("a.py")


def _wanted(select: str, ignore: str) -> list[str]:
    selection = Selection(
        select=parse_selectors(select, RULES), ignore=parse_selectors(ignore, RULES)
    )
    return [rule.code for rule in RULES if selection.wants(rule)]


@pytest.mark.parametrize(
    ("select", "ignore", "wanted"),
    [
        ("", "", ["FC302", "FC301", "FC601"]),
        ("FC3", "", ["FC302", "FC301"]),
        ("fc302, dynamic-loop", "", ["FC302", "FC601"]),
        ("", "FC3", ["FC601"]),
        ("FC302", "FC3", ["FC302"]),
        ("FC3", "argument-count", ["FC301"]),
        ("FC302", "FC302", []),
    ],
)
def test_the_narrower_word_wins(select: str, ignore: str, wanted: list[str]) -> None:
    assert _wanted(select, ignore) == wanted


def test_an_unknown_word_names_the_nearest() -> None:
    with pytest.raises(ValueError, match="`argument-cuont`; did you mean `argument-count`"):
        parse_selectors("argument-cuont", RULES)


def _at(rule: Rule, line: int, text: str = "x = 1\n" * 9) -> Diagnostic:
    source = SourceFile(path=PATH, module="a", text=text)
    start = source.line_starts[line - 1]
    return Diagnostic(
        rule=rule,
        severity=rule.severity,
        message="a fault",
        primary=Label(source.span(start, start + 1), ""),
    )


def test_each_fault_is_reported_once_and_in_order() -> None:
    found = [_at(COUNT, 3), _at(TYPE, 3), _at(COUNT, 1), _at(COUNT, 3)]
    reported = report(found, {}, Selection())
    given = [(each.primary.span.start.line, each.rule.code) for each in reported]
    assert given == [(1, "FC302"), (3, "FC301"), (3, "FC302")]


@pytest.mark.parametrize(
    "text",
    [
        "x = [\n  1,  # flyte: ignore[FC302]\n]\n",
        "@decorator  # flyte: ignore[argument-count]\n# why\n@other\ndef f(): ...\n",
        "x = 1  # noqa # flyte:ignore\n",
        "# flyte: ignore-file[FC3]\nx = 1\n",
        "'''text'''\n# flyte: ignore-file\nx = 1\n",
    ],
)
def test_a_comment_silences_its_statement_or_file(text: str) -> None:
    line = next(n for n, each in enumerate(text.splitlines(), 1) if each[:1] in "x@")
    source = SourceFile(path=PATH, module="a", text=text)
    assert report([_at(COUNT, line, text)], {PATH: source}, Selection()) == ()


@pytest.mark.parametrize(
    "text",
    [
        "x = 1  # flyte: ignore[FC301]\n",
        "x = 1  # flyte: ignored\n",
        "x = 1  # flyte: ignore[]\n",
        "x = '# flyte: ignore'\n",
        "x = 1\n# flyte: ignore-file\n",
        "x = 1  # flyte: ignore-file\n",
    ],
)
def test_any_other_comment_silences_nothing(text: str) -> None:
    source = SourceFile(path=PATH, module="a", text=text)
    assert len(report([_at(COUNT, 1, text)], {PATH: source}, Selection())) == 1


def test_notes_are_for_those_who_ask() -> None:
    found = (_at(COUNT, 1), _at(LOOP, 2))
    asked = Selection(select=parse_selectors("FC302,FC601", RULES))
    assert shown_to_people(found, Selection(), with_notes=False) == found[:1]
    assert shown_to_people(found, Selection(), with_notes=True) == found
    assert shown_to_people(found, asked, with_notes=False) == found


def test_warnings_become_errors_and_notes_do_not() -> None:
    raised = warnings_as_errors([_at(TYPE, 1), _at(LOOP, 2)])
    assert [each.severity for each in raised] == [Severity.ERROR, Severity.NOTE]
