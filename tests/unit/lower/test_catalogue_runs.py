"""Every program of the catalogue in `tests/cases/lower` gives what Python gives, and makes the same
calls."""

from __future__ import annotations

from pathlib import Path

import pytest
from both_ways import run_both_ways
from markdown_cases import Case, read_cases

CATALOGUE = Path(__file__).parents[2] / "cases" / "lower"
CASES = [
    pytest.param(case, id=f"{path.stem}-{case.name}")
    for path in sorted(CATALOGUE.glob("*.md"))
    if path.stem != "dynamic"
    for case in read_cases(path)
]


@pytest.mark.parametrize("case", CASES)
def test_a_program_runs_from_its_plan_as_python_runs_it(case: Case, tmp_path: Path) -> None:
    files = {name: fence.text for name, fence in case.files.items()}
    dynamic, compiled = run_both_ways(files, tmp_path)
    assert compiled == dynamic
