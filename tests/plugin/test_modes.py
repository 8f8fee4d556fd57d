"""The plugin says the same with either parser, from a warm cache, in workers and in the daemon."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from marks import read_marks
from mypy import api
from plugin_cases import Found, cases, configuration, expected, given, project, run_mypy, sources

from flyte_compiler.mypy_plugin.codes import FAULTS

CALLS = Path(__file__).parents[1] / "stubs" / "programs" / "calls.py"
CYCLE = next(case for case in cases() if "cycle of modules" in case.name)
BODIES = next(case for case in cases() if case.name == "bodies without annotations")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with the corpus of calls."""
    (tmp_path / "pyproject.toml").write_text(configuration(), encoding="utf-8")
    (tmp_path / "calls.py").write_bytes(CALLS.read_bytes())
    monkeypatch.chdir(tmp_path)
    return tmp_path


def takes(option: str) -> bool:
    """Whether this mypy has an option."""
    return option in api.run(["--help"])[0]


def in_another_process(*command: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", *command], capture_output=True, text=True, check=False
    )
    assert not done.stderr, done.stderr
    return done.stdout


def errors(output: str) -> set[tuple[int, str]]:
    return {(each.line, each.code) for each in given(output)}


def test_every_wrong_line_of_the_corpus_is_an_error_and_no_other_is(folder: Path) -> None:
    found = given(run_mypy(["--strict", "calls.py"]))
    wrong = {each.line for each in found if each.code != "revealed"}
    assert wrong == read_marks(folder / "calls.py").wrong


def test_right_programs_stay_right(folder: Path) -> None:
    right = CALLS.with_name("right.py").read_text(encoding="utf-8")
    (folder / "right.py").write_text(right, encoding="utf-8")
    assert run_mypy(["--strict", "right.py"]) == ""


def test_a_warm_cache_gives_the_same(folder: Path) -> None:
    cold = errors(run_mypy(["calls.py"]))
    assert errors(run_mypy(["calls.py"])) == cold
    source = folder / "calls.py"
    source.write_text(source.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert errors(run_mypy(["calls.py"])) == cold


def parsers() -> Iterator[Sequence[str]]:
    if takes("--native-parser"):
        yield ["--native-parser"]
        yield ["--no-native-parser"]


@pytest.mark.parametrize("case", [CYCLE, BODIES], ids=lambda case: case.name)
def test_either_parser_gives_the_same(case: object) -> None:
    assert case in (CYCLE, BODIES)
    chosen = CYCLE if case is CYCLE else BODIES
    with project(chosen):
        plainly = errors(run_mypy(sources(chosen)))
        for options in parsers():
            assert errors(run_mypy([*options, *sources(chosen)])) == plainly
    assert plainly == {(each.line, each.code) for each in expected(chosen)}


@pytest.mark.slow
@pytest.mark.skipif(not takes("--num-workers"), reason="this mypy has no workers")
def test_workers_give_the_same() -> None:
    with project(BODIES) as folder:
        (folder / "calls.py").write_bytes(CALLS.read_bytes())
        files = [*sources(BODIES), "calls.py"]
        alone = errors(run_mypy(files))
        assert errors(in_another_process("mypy", "-n", "2", *files)) == alone


@pytest.mark.slow
def test_the_daemon_gives_the_same_and_follows_changes() -> None:
    with project(CYCLE) as folder:
        alone = errors(run_mypy(sources(CYCLE)))
        status = ("mypy.dmypy", "--status-file=d.json")
        try:
            started = in_another_process(*status, "run", "--", *sources(CYCLE))
            assert errors(started) == alone
            second = folder / "second.py"
            text = second.read_text(encoding="utf-8").replace("x: str", "x: int")
            second.write_text(text, encoding="utf-8")
            changed = errors(in_another_process(*status, "check", *sources(CYCLE)))
        finally:
            in_another_process(*status, "stop")
    assert (7, "flyte-argument-type") in alone
    assert (7, "flyte-argument-type") not in changed
    assert changed < alone


def test_a_changed_manifest_or_signature_checks_who_looks_it_up_again() -> None:
    case = next(case for case in cases() if case.name == "of a manifest")
    with project(case) as folder:
        first = given(run_mypy(sources(case)))
        manifest = folder / ".flyte" / "tasks.json"
        text = manifest.read_text(encoding="utf-8").replace("tasks.Row", "builtins.int")
        manifest.write_text(text, encoding="utf-8")
        second = given(run_mypy(sources(case)))
    assert _about_row(first) == [9]
    assert _about_row(second) == [7, 8]


def _about_row(found: Sequence[Found]) -> list[int]:
    return [each.line for each in found if "for `row`" in each.text]


def test_a_task_that_appears_is_known_at_once() -> None:
    case = next(case for case in cases() if case.name == "of the project")
    with project(case) as folder:
        assert "etl.quite_another" in run_mypy(["main.py"])
        tasks = folder / "tasks.py"
        more = "\n\n@env.task\ndef quite_another() -> None: ...\n"
        tasks.write_text(tasks.read_text(encoding="utf-8") + more, encoding="utf-8")
        assert "etl.quite_another" not in run_mypy(["main.py"])


def test_every_error_code_has_a_case() -> None:
    seen = {each.code for case in cases() for each in expected(case)}
    assert {fault.error.code for fault in FAULTS} <= seen
