"""What the stubs say of programs, in mypy; `benchmarks/checkers.py` asks the other checkers."""

from __future__ import annotations

from pathlib import Path

import pytest
from marks import plain, read_marks
from mypy_on_stubs import ROOT, Said, check

PROGRAMS = Path(__file__).parent / "programs"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mypy")


@pytest.fixture(scope="module")
def calls(folder: Path) -> list[Said]:
    return check([PROGRAMS / "calls.py"], folder, "--strict")


def test_every_wrong_line_is_an_error_and_no_other_is(calls: list[Said]) -> None:
    assert {each.line for each in calls if each.is_error} == read_marks(PROGRAMS / "calls.py").wrong


def test_revealed_types_are_the_expected_ones(calls: list[Said]) -> None:
    revealed = {each.line: plain(each.revealed) for each in calls if each.revealed is not None}
    assert revealed == read_marks(PROGRAMS / "calls.py").types


def test_the_corpus_is_as_wide_as_it_is_said_to_be() -> None:
    marks = read_marks(PROGRAMS / "calls.py")
    assert len(marks.wrong) >= 25
    assert len(marks.types) >= 40


def test_right_programs_are_clean_when_checked_strictly(folder: Path) -> None:
    assert check([PROGRAMS / "right.py"], folder, "--strict") == []


def test_the_examples_are_clean(folder: Path) -> None:
    examples = sorted((ROOT / "examples").glob("*.py"))
    assert [each for each in check(examples, folder, "--check-untyped-defs") if each.is_error] == []


def test_the_invalid_example_is_wrong_where_it_says_so(folder: Path) -> None:
    program = ROOT / "examples" / "invalid" / "train.py"
    lines = program.read_text(encoding="utf-8").splitlines()
    marked = {number for number, line in enumerate(lines, start=1) if "# error:" in line}
    said = check([program], folder, "--check-untyped-defs", "--enable-error-code=unused-awaitable")
    assert {each.line for each in said if each.is_error} == marked


def test_the_stubs_themselves_are_clean(folder: Path) -> None:
    stubs = ROOT / "typeshed_stubs" / "flyte" / "flyte"
    assert check([stubs], folder, "--strict") == []
