"""What the configuration says about severities and files, and where reports go."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from markdown_cases import Given, run

PROGRAM = """
import flyte

env = flyte.TaskEnvironment("etl")


@env.task
def load(path: str) -> str:
    return path


@env.task
async def main(path: str) -> str:
    return load(path)
"""
SCHEMA = Path(__file__).parents[1] / "diagnostics" / "sarif-2.1.0-rtm.5.json"


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("NO_COLOR", "FORCE_COLOR", "GITHUB_WORKSPACE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    Path("tests").mkdir()
    for name in ("main.py", "tests/main_test.py"):
        Path(name).write_text(PROGRAM, encoding="utf-8")
    return tmp_path


def configured(table: str, *arguments: str) -> Given:
    Path("pyproject.toml").write_text(f"[tool.flyte-compile]\n{table}\n", encoding="utf-8")
    return run([*(arguments or (".",)), "--format", "concise"])


def test_a_severity_is_what_the_project_says() -> None:
    given = configured('severity = {FC206 = "error"}')
    assert given.exit_code == 1
    assert "main.py:14:12: error[FC206]" in given.output
    assert configured('severity = {blocking-task-call = "note"}').output == ""


def test_a_rule_that_is_off_can_be_asked_for() -> None:
    table = 'severity = {FC206 = "off"}'
    assert configured(table).output == ""
    assert "warning[FC206]" in configured(table, ".", "--select", "FC206").output
    assert configured(table, ".", "--select", "FC2").output == ""


@pytest.mark.parametrize("pattern", ["tests/**", "tests", "tests/", "*_test.py", "**/main_test.py"])
def test_files_may_be_spared_a_rule(pattern: str) -> None:
    given = configured(f'per-file-ignores = {{"{pattern}" = ["FC2"]}}')
    assert [line.partition(":")[0] for line in given.output.splitlines()] == ["main.py"]


def test_a_target_is_set_and_the_command_line_wins() -> None:
    assert configured('target = "upstream"').exit_code == 1
    assert configured('target = "upstream"', ".", "--target", "ours").exit_code == 0
    assert configured("", ".", "--target", "upstream").exit_code == 1


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ('severity = {FC206 = "eror"}', '`eror` is none of `"error"`, `"warning"`, `"note"`'),
        ('severity = {FC206 = "eror"}', "did you mean `error`?"),
        ('severity = {FC2O6 = "error"}', "no rule is called `FC2O6`; did you mean `FC206`?"),
        ("severity = 3", "`severity = 3` must be a table of severities"),
        ("severity = {FC206 = 3}", "must be a table of severities"),
        ('per-file-ignores = ["FC206"]', "must be a table of codes by pattern"),
        ('per-file-ignores = {"*" = ["FC2O6"]}', "did you mean `FC206`?"),
        ('target = "upsteam"', "did you mean `upstream`?"),
        ('types = "mypi"', '`types = "mypi"` must be one of `"mypy"`, `"annotations"`'),
        ("types = 3", "`types = 3` must be one of"),
        ('tpyes = "mypy"', "did you mean `types`?"),
        ('format = "sarf"', "did you mean `sarif`?"),
    ],
)
def test_what_means_nothing_is_one_clear_error(table: str, words: str) -> None:
    given = configured(table)
    assert given.exit_code == 2
    assert words in given.errors
    assert len(given.errors.splitlines()) == 1


def test_sarif_is_valid_and_names_files_from_the_top(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / ".git").mkdir()
    monkeypatch.chdir("tests")
    given = run(["main_test.py", "--format", "sarif"])
    document = json.loads(given.output)
    jsonschema.Draft4Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(document)
    (found,) = document["runs"][0]["results"]
    place = found["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place == {"uri": "tests/main_test.py", "uriBaseId": "%SRCROOT%"}
    assert document["runs"][0]["tool"]["driver"]["rules"][0]["name"] == "blocking-task-call"
    assert run(["main_test.py", "--format", "sarif"]) == given


def test_annotations_name_files_from_the_workspace(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_WORKSPACE", str(project))
    monkeypatch.chdir("tests")
    given = run(["main_test.py", "--format", "github"])
    assert given.output.startswith("::warning file=tests/main_test.py,line=14,")


@pytest.mark.parametrize(
    ("variables", "is_coloured"),
    [
        ({}, False),
        ({"FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": "0"}, False),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ({"FORCE_COLOR": "1", "TERM": "dumb"}, True),
    ],
)
def test_colour_is_there_when_asked_for(
    variables: dict[str, str], is_coloured: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert ("\x1b[" in run(["main.py"]).output) is is_coloured
    assert ("\x1b[" in run(["explain", "FC302"]).output) is is_coloured
