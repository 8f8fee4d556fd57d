"""Each rule's page: its headings, and its examples, which are cases like any other."""

from __future__ import annotations

import re

import pytest
from markdown_cases import Case, CaseError, read_cases, run_case

from flyte_compiler.rules.catalogue import Entry, catalogue

HEADINGS = ["What it does", "Why it matters", "Example", "Instead"]
EXAMPLES = [
    pytest.param(entry, case, id=f"{entry.code}-{case.name}")
    for entry in catalogue()
    for case in read_cases(entry.page)
]


@pytest.mark.parametrize("entry", catalogue(), ids=lambda entry: entry.code)
def test_a_page_says_what_why_and_what_instead(entry: Entry) -> None:
    text = entry.page.read_text(encoding="utf-8")
    assert text.startswith(f"# {entry.name} ({entry.code})\n")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == HEADINGS


@pytest.mark.parametrize("entry", catalogue(), ids=lambda entry: entry.code)
def test_a_page_shows_the_fault_and_the_cure(entry: Entry) -> None:
    cases = {case.name: case for case in read_cases(entry.page)}
    assert list(cases) == ["Example", "Instead"]
    fault, cure = (
        "".join(file.text for file in cases[name].files.values()) for name in ("Example", "Instead")
    )
    assert f"[{entry.code}]" in fault
    assert "[FC" not in cure


@pytest.mark.parametrize(("entry", "case"), EXAMPLES)
def test_what_a_page_says_is_so(entry: Entry, case: Case) -> None:
    del entry
    try:
        run_case(case)
    except CaseError as wrong:
        pytest.fail(str(wrong), pytrace=False)
