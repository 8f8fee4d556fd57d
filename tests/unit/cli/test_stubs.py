"""`flyte-compile stubs FILE`: what other programs are told of deployed tasks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from markdown_cases import run
from mypy import api

from flyte_compiler.mypy_plugin.manifest import read_manifest

TASKS = """import datetime
from dataclasses import dataclass
from enum import Enum
from typing import Literal

import flyte

env = flyte.TaskEnvironment("far-off")
name = "computed"
other = flyte.TaskEnvironment(name.upper().lower())


@dataclass
class Row:
    x: int


class Mode(Enum):
    FAST = "fast"


@env.task
def load(
    day: datetime.date, /, rows: list[Row] | None, *, mode: Mode = Mode.FAST, how: Literal["a"]
) -> tuple[Row, ...]:
    return ()


@env.task
async def nothing(anything): ...


@other.task
def nameless(x: int) -> int:
    return x
"""
USER = """import datetime

from flyte import remote
from tasks import Mode


async def main() -> None:
    load = remote.Task.get("far-off.load", version="1")
    reveal_type(await load(datetime.date(2026, 1, 2), rows=None, how="a"))
    await load(datetime.date(2026, 1, 2), None, mode=Mode.FAST, how="a")
    await load(3, None, how="a")  # wrong
    await load(datetime.date(2026, 1, 2), None, how="b")  # wrong
    reveal_type(await remote.Task.get("far-off.nothing", version="1")(3))
    await remote.Task.get("someone.elses", version="1")(3)
    await remote.Task.get("far-off.load")(1, 2)  # wrong
"""
WRONG = {number for number, line in enumerate(USER.splitlines(), 1) if line.endswith("# wrong")}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "pyproject.toml").write_text("", encoding="utf-8")
    (tmp_path / "tasks.py").write_text(TASKS, encoding="utf-8")
    (tmp_path / "user.py").write_text(USER, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def checked(folder: Path, *, with_plugin: bool) -> str:
    plugin = "plugins = flyte_compiler.mypy_plugin\n" if with_plugin else ""
    settings = f"[mypy]\nmypy_path = {folder / '.flyte' / 'stubs'}\n{plugin}"
    (folder / "mypy.ini").write_text(settings, encoding="utf-8")
    output, failure, _ = api.run(["--strict", "--no-error-summary", "user.py"])
    assert not failure
    return output


@pytest.mark.parametrize("with_plugin", [False, True])
def test_a_checker_knows_the_task_by_its_name(folder: Path, *, with_plugin: bool) -> None:
    assert run(["stubs", "tasks.py"]).exit_code == 0
    said = checked(folder, with_plugin=with_plugin).splitlines()
    errors = [line for line in said if ": error: " in line and line.startswith("user.py")]
    assert {int(line.split(":")[1]) for line in errors} == WRONG
    assert any(
        'Revealed type is "tuple[tasks.Row, ...]"' in line.replace("builtins.", "") for line in said
    )


def test_the_manifest_is_what_the_plugin_reads(folder: Path) -> None:
    given = run(["stubs", "tasks.py", "-o", "out", "--manifest", "m.json"])
    assert given.exit_code == 0
    assert "put out on your checker's search path" in given.errors
    tasks = read_manifest(folder / "m.json", is_needed=True)
    assert set(tasks) == {"far-off.load", "far-off.nothing"}
    parameters = json.loads((folder / "m.json").read_text())["tasks"]["far-off.load"]["parameters"]
    assert [each["kind"] for each in parameters] == [
        "positional-only",
        "positional-or-keyword",
        "keyword-only",
        "keyword-only",
    ]
    assert [each["optional"] for each in parameters] == [False, False, True, False]


def test_writing_again_replaces_what_was_there(folder: Path) -> None:
    run(["stubs", "tasks.py"])
    (folder / "tasks.py").write_text(TASKS.replace("def load(", "def read("), encoding="utf-8")
    run(["stubs", "tasks.py"])
    text = (folder / ".flyte/stubs/flyte/_deployed.pyi").read_text(encoding="utf-8")
    assert "FarOffRead" in text
    assert "FarOffLoad" not in text


def test_a_file_that_is_no_python_is_said_and_nothing_is_written(folder: Path) -> None:
    (folder / "broken.py").write_text("def (:\n", encoding="utf-8")
    given = run(["stubs", "broken.py"])
    assert given.exit_code == 1
    assert "FC001" in given.errors
    assert not (folder / ".flyte" / "tasks.json").exists()


def test_without_tasks_a_note_says_so(folder: Path) -> None:
    given = run(["stubs", "user.py"])
    assert given.exit_code == 0
    assert "no task in these files" in given.errors


def test_files_and_path_exclude_each_other(folder: Path) -> None:
    assert folder
    assert run(["stubs", "--path", "tasks.py"]).exit_code == 2
    assert run(["stubs", "missing.py"]).exit_code == 2
