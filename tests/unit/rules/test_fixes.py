"""Fixes cure: with them put in, the fault is gone and no other has come."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from markdown_cases import CASES, Case, files_of, read_cases, run

QUICK = ("--no-cache", "--types", "annotations")
CODES = ("FC003", "FC203", "FC205", "FC206", "FC213", "FC302", "FC307")


def _cases() -> Iterator[object]:
    for code in CODES:
        for case in read_cases(CASES / "rules" / f"{code}.md"):
            if any(f"[{code}]" in fence.text for fence in case.files.values()):
                yield pytest.param(case, id=f"{code}-{case.name}")


def _found(case: Case) -> list[dict[str, object]]:
    given = run([*case.files, "--format", "json", *QUICK])
    assert given.exit_code in (0, 1), given.errors
    found: list[dict[str, object]] = json.loads(given.output)["diagnostics"]
    return [each for each in found if each["severity"] != "note"]


@pytest.mark.parametrize("case", list(_cases()))
def test_a_fix_cures_its_fault(case: Case) -> None:
    with files_of(case):
        before = _found(case)
        cured = [each for each in before if each["fix"] is not None]
        run([*case.files, "--fix", *QUICK])
        after = _found(case)
    assert not [each for each in after if each["fix"] is not None]
    assert len(after) <= len(before) - len(cured)


@pytest.mark.parametrize("code", CODES)
def test_a_rule_with_a_fix_offers_it(code: str) -> None:
    offered = []
    for case in read_cases(CASES / "rules" / f"{code}.md"):
        with files_of(case):
            offered += [each for each in _found(case) if each["code"] == code and each["fix"]]
    assert offered
