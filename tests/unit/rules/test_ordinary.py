"""Ordinary programs give no alarm, and each typical fault gives one, on its very line."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest
from markdown_cases import run

ROOT = Path(__file__).parents[3]
ORDINARY, FAULTY = ROOT / "tests" / "ordinary", ROOT / "tests" / "faulty"
TYPES = ("mypy", "annotations")
pytestmark = pytest.mark.slow


def _programs(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py"))


@cache
def _alarms(types: str, *paths: Path) -> tuple[str, ...]:
    """Errors and warnings, as `file:line code`."""
    options = ("--format", "json", "--no-cache", "--types", types)
    given = run([*map(str, paths), *options])
    found = json.loads(given.output)["diagnostics"]
    return tuple(
        f"{Path(each['file']).resolve().relative_to(ROOT)}:{each['line']} {each['code']}"
        for each in found
        if each["severity"] != "note"
    )


@pytest.mark.parametrize("types", TYPES)
def test_ordinary_programs_give_no_alarm(types: str) -> None:
    assert _alarms(types, ORDINARY) == ()


@pytest.mark.parametrize("types", TYPES)
def test_our_own_examples_give_no_alarm(types: str) -> None:
    examples = [each for each in _programs(ROOT / "examples") if each.parent.name != "invalid"]
    assert _alarms(types, *examples) == ()


def test_ordinary_programs_are_many() -> None:
    tasks = [each for each in _programs(ORDINARY) if "task" in each.read_text(encoding="utf-8")]
    assert len(tasks) >= 100


@pytest.mark.parametrize("program", _programs(FAULTY), ids=lambda each: each.stem)
def test_a_fault_is_found_on_its_line_and_nowhere_else(program: Path) -> None:
    marked = {
        f"{program.relative_to(ROOT)}:{number}"
        for number, line in enumerate(program.read_text(encoding="utf-8").splitlines(), start=1)
        if line.endswith("# fault")
    }
    found = {each.split()[0] for each in _alarms("mypy", FAULTY) if program.name in each}
    assert found
    assert found <= marked
