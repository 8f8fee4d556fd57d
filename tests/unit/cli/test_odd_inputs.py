"""Files, names and literals that no tool likes: an answer each, and never a crash."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from markdown_cases import run

PROGRAM = """
import flyte

env = flyte.TaskEnvironment("{name}")


@env.task
async def load(path: str) -> str:
    return path


@env.task
async def main(path: str) -> str:
    return await load({argument})
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def program(name: str = "etl", argument: str = "path") -> str:
    return PROGRAM.format(name=name, argument=argument)


def test_links_in_a_circle_are_said_and_stop_nothing() -> None:
    Path("here").mkdir()
    Path("here/one.py").symlink_to("two.py")
    Path("here/two.py").symlink_to("one.py")
    Path("here/whole.py").write_text(program(), encoding="utf-8")
    given = run(["here"])
    assert given.exit_code == 1
    assert given.output.count("error[FC004]") == 2
    assert "2 tasks, 1 drivers (1 compiled), 2 errors" in given.output


@pytest.mark.skipif(os.name != "posix", reason="file names are text there")
@pytest.mark.skipif(os.geteuid() == 0, reason="root may list everything")
def test_a_folder_that_cant_be_listed_is_said_and_stops_nothing() -> None:
    Path("here/closed").mkdir(parents=True)
    Path("here/main.py").write_text(program(), encoding="utf-8")
    Path("here/closed").chmod(0)
    given = run(["here"])
    Path("here/closed").chmod(0o755)
    assert given.exit_code == 1
    assert "`here/closed` can't be read: no permission to list the folder" in given.output
    assert "2 tasks, 1 drivers (1 compiled), 1 errors" in given.output


def test_a_file_whose_name_is_not_text_has_no_plan() -> None:
    name = os.fsdecode(b"bad\xff.py")
    Path(name).write_text(program(), encoding="utf-8")
    given = run([name, "-o", "plans"])
    assert given.exit_code == 1
    assert "has no plan: no import could name it" in given.errors


def test_a_literal_that_is_not_text_stays_python() -> None:
    Path("main.py").write_text(program(argument=r'"\ud800"'), encoding="utf-8")
    given = run(["main.py", "--print", "graph"])
    assert r'python pure `"\\ud800"`' in given.output
    assert run(["main.py", "-o", "plans"]).exit_code == 0


def test_an_environment_whose_name_is_not_text_counts_as_computed() -> None:
    Path("main.py").write_text(program(name=r"\ud800"), encoding="utf-8")
    given = run(["main.py", "-o", "plans", "--graph", "main.mmd"])
    assert given.exit_code == 0, given.errors
    assert "<line 4>.main" in given.output


def test_modules_that_import_each_other_in_a_row_cost_no_more_than_others() -> None:
    for number in range(200):
        before = f"import m{number - 1}\n" if number else ""
        Path(f"m{number}.py").write_text(before + program(f"e{number}"), encoding="utf-8")
    before = time.process_time()
    given = run(["."])
    assert "200 drivers (200 compiled), 0 errors" in given.output
    assert time.process_time() - before < 10
