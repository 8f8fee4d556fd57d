from __future__ import annotations

from pathlib import Path

import pytest
from markdown_cases import Given, run

PROGRAM = """
import flyte

env = flyte.TaskEnvironment("etl")


@env.task
async def load(path: str) -> str:
    return path


@env.task
async def main(path: str) -> str:
    path = await load(str(locals()))
    return await load(path, 1)
"""


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("main.py").write_text(PROGRAM, encoding="utf-8")
    return tmp_path


def configured(table: str, *arguments: str) -> Given:
    Path("pyproject.toml").write_text(f"[tool.flyte-compile]\n{table}\n", encoding="utf-8")
    return run([*(arguments or ("main.py",))])


def test_a_list_of_rules_may_be_a_list_or_a_string() -> None:
    assert configured('ignore = ["FC3", "unawaited-task"]').exit_code == 0
    assert configured('ignore = "FC3,unawaited-task"').exit_code == 0
    assert configured('select = ["FC302"]').exit_code == 1
    assert configured('select = ["FC1"]').exit_code == 0


def test_the_form_is_set() -> None:
    assert configured('format = "concise"').output.startswith("main.py:15:")


def test_notes_are_shown() -> None:
    assert "note[FC616]" in configured("notes = true").output
    assert "note[FC616]" not in configured("notes = false").output


def test_the_command_line_wins() -> None:
    table = 'notes = true\nformat = "json"\nignore = ["FC302"]'
    given = configured(table, "main.py", "--no-notes", "--format", "concise", "--ignore", "FC1")
    assert given.exit_code == 1
    assert given.output.splitlines() == [given.output.strip()]
    assert "error[FC302]" in given.output


def test_it_is_found_from_the_path_that_is_checked(
    project: Path, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    configured('ignore = ["FC302"]')
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    assert run([str(project / "main.py")]).exit_code == 0


def test_files_are_excluded_in_folders_alone() -> None:
    for name in ("generated/deep/a.py", "b_pb2.py", "tests/c.py", "kept/tests/d.py"):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(PROGRAM, encoding="utf-8")
    table = 'exclude = ["generated/", "*_pb2.py", "./kept/tests"]\nformat = "concise"'
    reported = configured(table, ".").output.splitlines()
    assert [line.partition(":")[0] for line in reported] == ["main.py", "tests/c.py"]
    assert "b_pb2.py" in configured(table, "b_pb2.py").output


def test_modules_are_named_from_the_roots() -> None:
    Path("src/pkg/deep").mkdir(parents=True)
    Path("src/pkg/deep/lib.py").write_text(PROGRAM, encoding="utf-8")
    program = "import pkg.deep.lib\n" + PROGRAM.replace("(path, 1)", "(path)")
    Path("src/pkg/main.py").write_text(program, encoding="utf-8")
    assert configured("", "src/pkg/main.py").exit_code == 0
    given = configured('roots = ["src"]', "src/pkg/main.py")
    assert "src/pkg/deep/lib.py:15" in given.output
    assert configured('roots = ["src"]', "src/pkg/main.py", "--no-cache") == given


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ('ignroe = ["FC3"]', '`ignroe = ["FC3"]`; did you mean `ignore`?'),
        ("zzz = 1", "unknown key `zzz = 1`; it may be one of `select`, `ignore`, `roots`"),
        ("warnings_as_errors = true", "did you mean `warnings-as-errors`?"),
        ("notes = 1", "`notes = 1` must be `true` or `false`"),
        ('notes = "yes"', '`notes = "yes"` must be `true` or `false`'),
        ("select = 3", "`select = 3` must be a list of codes"),
        ("select = [3]", "`select = [3]` must be a list of codes"),
        ('select = ["FC3O2"]', "no rule is called `FC3O2`; did you mean `FC302`?"),
        ('format = "jsn"', '`format = "jsn"` must be one of `"full"`, `"concise"`, `"json"`'),
        ('format = "jsn"', "did you mean `json`?"),
        ('roots = ["nowhere"]', "`roots` names `nowhere`, which is no folder"),
        ("select = [", "can't be read"),
    ],
)
def test_what_means_nothing_is_one_clear_error(table: str, words: str) -> None:
    given = configured(table)
    assert given.exit_code == 2
    assert given.output == ""
    assert words in given.errors
    assert "pyproject.toml" in given.errors
    assert len(given.errors.splitlines()) == 1


def test_a_table_that_is_no_table_is_an_error() -> None:
    Path("pyproject.toml").write_text("[tool]\nflyte-compile = 3\n", encoding="utf-8")
    given = run(["main.py"])
    assert given.exit_code == 2
    assert "`tool.flyte-compile` is `3`, not a table" in given.errors


def test_other_peoples_toml_is_left_alone() -> None:
    Path("pyproject.toml").write_text("no = [toml", encoding="utf-8")
    assert run(["main.py"]).exit_code == 1
