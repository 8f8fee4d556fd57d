"""The reports for servers: SARIF and workflow commands.

The schema is the one of OASIS that `@microsoft/jest-sarif` (MIT) ships.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from flyte_compiler.diagnostics.model import Diagnostic, Edit, Fix, Label, Rule, Severity
from flyte_compiler.diagnostics.render_github import render_github
from flyte_compiler.diagnostics.render_sarif import Described, Run, render_sarif
from flyte_compiler.diagnostics.repository import Repository
from flyte_compiler.source.text import SourceFile

SCHEMA = json.loads((Path(__file__).parent / "sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8"))
RULE = Rule("FC301", "argument-type", Severity.ERROR)
PATH = Path("a dir/é.py")
SOURCE = SourceFile(path=PATH, module="a", text='x = "😀"; one = two(three)\nfour = (\n  five)\n')
HERE = Repository(top=Path("/repo"), folder=Path("/repo/sub"))


def diagnostic(word: str = "three", **fields: Any) -> Diagnostic:
    start = SOURCE.text.index(word)
    span = SOURCE.span(start, start + len(word))
    told = {"message": "`two` expects `int`", "primary": Label(span, "a `str`")} | fields
    return Diagnostic(rule=RULE, severity=Severity.ERROR, **told)


def document(*diagnostics: Diagnostic, source: SourceFile = SOURCE) -> dict[str, Any]:
    run = Run(
        version="1.0",
        repository=HERE,
        rules=[Described(rule=RULE, summary="Reports it", page="# it\n")],
        sources={PATH: source},
    )
    made: dict[str, Any] = json.loads(render_sarif(diagnostics, run))
    jsonschema.Draft4Validator(SCHEMA).validate(made)
    return made


def results(*diagnostics: Diagnostic, source: SourceFile = SOURCE) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = document(*diagnostics, source=source)["runs"][0]["results"]
    return found


def test_the_schema_can_fail() -> None:
    wrong = document(diagnostic())
    wrong["runs"][0]["columnKind"] = "bytes"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft4Validator(SCHEMA).validate(wrong)


def test_nothing_found_is_a_document_too() -> None:
    assert results() == []


def test_a_result_names_its_rule_place_and_cause() -> None:
    found = diagnostic(notes=("never converted",), helps=("make it an `int`",))
    run = document(found)["runs"][0]
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["originalUriBaseIds"] == {"%SRCROOT%": {"uri": "file:///repo/"}}
    rule = run["tool"]["driver"]["rules"][0]
    assert (rule["id"], rule["help"]["markdown"]) == ("FC301", "# it\n")
    (result,) = run["results"]
    assert (result["ruleId"], result["ruleIndex"], result["level"]) == ("FC301", 0, "error")
    assert result["message"]["text"] == (
        "`two` expects `int`\nnote: never converted\nhelp: make it an `int`"
    )
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {
        "uri": "sub/a%20dir/%C3%A9.py",
        "uriBaseId": "%SRCROOT%",
    }
    assert place["region"] == {
        "startLine": 1, "startColumn": 20, "endLine": 1, "endColumn": 25
    }  # fmt: skip


def test_a_file_outside_the_repository_has_an_absolute_uri() -> None:
    elsewhere = replace(diagnostic().primary.span, path=Path("../../lib/a.py"))
    (result,) = results(diagnostic(primary=Label(elsewhere, "")))
    location = result["locations"][0]
    assert location["physicalLocation"]["artifactLocation"] == {"uri": "file:///lib/a.py"}


def test_other_places_and_the_fix_are_there() -> None:
    span = diagnostic("five").primary.span
    fix = Fix(title="convert it", edits=(Edit(span, "int(five)"),), safe=True)
    (result,) = results(diagnostic(labels=(Label(span, "from here"),), fix=fix))
    (related,) = result["relatedLocations"]
    assert related["message"]["text"] == "from here"
    (change,) = result["fixes"][0]["artifactChanges"]
    (replacement,) = change["replacements"]
    assert replacement["insertedContent"] == {"text": "int(five)"}
    assert replacement["deletedRegion"]["startLine"] == 3


def test_a_message_holds_no_link_by_accident() -> None:
    (result,) = results(diagnostic(message="`list[str](rows)` is wrong"))
    assert result["message"]["text"] == "`list[str\\](rows)` is wrong"


def test_a_fingerprint_knows_a_fault_again_after_lines_moved() -> None:
    (before,) = results(diagnostic())
    moved = SourceFile(path=PATH, module="a", text="\n\n" + SOURCE.text)
    start = moved.text.index("three")
    label = Label(moved.span(start, start + 5), "a `str`")
    (after,) = results(diagnostic(primary=label), source=moved)
    assert after["partialFingerprints"] == before["partialFingerprints"]


def test_equal_faults_on_one_line_have_different_fingerprints() -> None:
    one, other = results(diagnostic(), diagnostic("two"))
    assert one["partialFingerprints"] != other["partialFingerprints"]


def test_an_annotation_is_one_escaped_line() -> None:
    found = diagnostic(message="100% of\r\na: b, c", helps=("do it",))
    found = replace(
        found, primary=Label(replace(found.primary.span, path=Path("a,b:c%.py")), "here")
    )
    assert render_github(found, HERE) == (
        "::error file=sub/a%2Cb%3Ac%25.py,line=1,endLine=1,col=20,endColumn=25,"
        "title=FC301 argument-type::100%25 of%0D%0Aa: b, c%0Ahelp: do it"
    )


def test_an_annotation_of_several_lines_has_no_columns() -> None:
    line = render_github(diagnostic("(\n  five)"), HERE)
    assert "line=2,endLine=3,title=" in line


@pytest.mark.parametrize(
    ("severity", "command"),
    [(Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.NOTE, "notice")],
)
def test_a_severity_is_a_command(severity: Severity, command: str) -> None:
    assert render_github(replace(diagnostic(), severity=severity), HERE).startswith(f"::{command} ")
