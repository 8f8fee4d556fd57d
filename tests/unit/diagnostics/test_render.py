from __future__ import annotations

import json
from pathlib import Path

from flyte_compiler.diagnostics.model import Diagnostic, Edit, Fix, Label, Rule, Severity
from flyte_compiler.diagnostics.paint import coloured
from flyte_compiler.diagnostics.render_concise import render_concise
from flyte_compiler.diagnostics.render_full import render_full
from flyte_compiler.diagnostics.render_json import render_json
from flyte_compiler.source.span import Span
from flyte_compiler.source.text import SourceFile

RULE = Rule("FC301", "argument-type", Severity.ERROR)
PATH = Path("train.py")
SOURCE = SourceFile(path=PATH, module="train", text="one = two(three)\nfour = five\n")


def _span(word: str) -> Span:
    start = SOURCE.text.index(word)
    return SOURCE.span(start, start + len(word))


def _diagnostic(*labels: Label, fix: Fix | None = None) -> Diagnostic:
    return Diagnostic(
        rule=RULE,
        severity=Severity.ERROR,
        message="`two` expects `int`",
        primary=Label(_span("three"), "a `str`"),
        labels=labels,
        notes=("values are never converted",),
        helps=("make it an `int`",),
        fix=fix,
    )


def test_full_names_fact_place_cause_and_cure() -> None:
    shown = render_full(_diagnostic(Label(_span("five"), "from here")), {PATH: SOURCE})
    assert shown == (
        "error[FC301]: `two` expects `int`\n"
        " --> train.py:1:11\n"
        "  |\n"
        "1 | one = two(three)\n"
        "  |           ^^^^^ a `str`\n"
        "2 | four = five\n"
        "  |        ---- from here\n"
        "  |\n"
        "  = note: values are never converted\n"
        "  = help: make it an `int`"
    )


def test_the_primary_is_never_hidden_by_another_label() -> None:
    shown = render_full(_diagnostic(Label(_span("two(three)"), "this call")), {PATH: SOURCE})
    assert "  |       ----^^^^^-" in shown


def test_a_file_without_text_is_still_named() -> None:
    shown = render_full(_diagnostic(), {})
    assert shown.splitlines()[:2] == ["error[FC301]: `two` expects `int`", " --> train.py:1:11"]


def test_colour_is_only_there_when_asked_for() -> None:
    assert "\x1b" not in render_full(_diagnostic(), {PATH: SOURCE})
    assert "\x1b[1;31m^^^^^\x1b[0m" in render_full(_diagnostic(), {PATH: SOURCE}, paint=coloured)


def test_a_message_cannot_break_its_line() -> None:
    assert "\n" not in render_concise(_diagnostic())


def test_concise_is_one_clickable_line() -> None:
    assert render_concise(_diagnostic()) == "train.py:1:11: error[FC301] `two` expects `int`"


def test_json_holds_every_field() -> None:
    fix = Fix(title="convert it", edits=(Edit(_span("three"), "int(three)"),), safe=False)
    document = json.loads(render_json([_diagnostic(fix=fix)], tasks=[{"name": "e.t"}]))
    assert document["version"] == 1
    assert document["tasks"] == [{"name": "e.t"}]
    (given,) = document["diagnostics"]
    place = {"file": "train.py", "line": 1, "column": 11, "end_line": 1, "end_column": 16}
    assert given == {
        "code": "FC301",
        "name": "argument-type",
        "severity": "error",
        "message": "`two` expects `int`",
        **place,
        "labels": [{**place, "text": "a `str`"}],
        "notes": ["values are never converted"],
        "helps": ["make it an `int`"],
        "fix": {
            "title": "convert it",
            "safe": False,
            "edits": [{**place, "replacement": "int(three)"}],
        },
    }
