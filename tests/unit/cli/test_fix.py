from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from markdown_cases import run

PROGRAM = """
import flyte

env = flyte.TaskEnvironment("etl")


@env.task
def load(path: str) -> str:
    return path


@env.task
async def main(path: str) -> str:
    first = load(path)
    return load(load(first))
"""
FIXED = PROGRAM.replace("first = load(path)", "first = await load.aio(path)").replace(
    "load(load(first))", "await load.aio(await load.aio(first))"
)


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write("main.py", PROGRAM)
    return tmp_path


def write(name: str, text: str) -> None:
    Path(name).write_text(text, encoding="utf-8")


def read(name: str) -> str:
    return Path(name).read_text(encoding="utf-8")


def test_the_report_is_about_the_fixed_program() -> None:
    given = run(["main.py", "--fix"])
    assert read("main.py") == FIXED
    assert given.exit_code == 0
    assert given.output.endswith("0 errors, 0 warnings\n")
    assert "main.py:14:13: fixed[FC206] write `await load.aio(path)`\n" in given.errors
    assert given.errors.endswith("put in 3 fixes in 1 file\n")


def test_fixing_again_changes_nothing() -> None:
    run(["main.py", "--fix"])
    again = run(["main.py", "--fix"])
    assert "fix" not in again.errors
    assert read("main.py") == FIXED


def test_a_difference_changes_nothing_and_can_be_applied() -> None:
    given = run(["main.py", "--diff"])
    assert given.exit_code == 1
    assert read("main.py") == PROGRAM
    subprocess.run(["git", "apply", "-p0"], input=given.output, text=True, check=True)
    assert read("main.py") == FIXED
    assert run(["main.py", "--diff"]) == type(given)(exit_code=0, output="", errors="")


def test_both_at_once_mean_nothing() -> None:
    assert run(["main.py", "--diff", "--fix"]).exit_code == 2


def test_what_is_not_reported_is_not_fixed() -> None:
    for silent in (["--ignore", "FC206"], ["--select", "FC3"], ["--task", "load"]):
        run(["main.py", "--fix", *silent])
        assert read("main.py") == PROGRAM


def test_a_module_that_was_not_named_is_left() -> None:
    write("other.py", "import main\n\nprint(main)\n")
    run(["other.py", "--fix"])
    assert read("main.py") == PROGRAM


def test_line_breaks_stay() -> None:
    Path("main.py").write_bytes(PROGRAM.replace("\n", "\r\n").encode())
    run(["main.py", "--fix"])
    assert Path("main.py").read_bytes() == FIXED.replace("\n", "\r\n").encode()


def test_without_the_cache_it_is_the_same() -> None:
    assert run(["main.py", "--fix", "--no-cache"]).exit_code == 0
    assert read("main.py") == FIXED


def test_the_full_report_says_that_there_are_fixes() -> None:
    assert "note: --fix puts in what is safe (3)" in run(["main.py"]).errors
