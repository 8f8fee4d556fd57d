"""The catalogue is whole: a page a rule, a rule a page, a rule for each reason to stay dynamic."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from flyte_compiler.ir.leaves import Reason
from flyte_compiler.rules import catalogue as catalogue_module
from flyte_compiler.rules.catalogue import Entry, catalogue
from flyte_compiler.rules.registry import rules

FOLDER = Path(catalogue_module.__file__).parent
HEADINGS = ["What it does", "Why it matters", "Example", "Instead"]


def test_each_rule_has_a_page_and_each_page_a_rule() -> None:
    assert {path.stem for path in FOLDER.glob("*.md")} == {entry.stem for entry in catalogue()}


def test_each_reason_to_stay_dynamic_is_a_rule() -> None:
    names = {registered.rule.name for registered in rules() if registered.rule.code >= "FC6"}
    assert names >= {f"dynamic-{reason.value}" for reason in Reason}


def test_a_check_is_short() -> None:
    long = {
        entry.stem: len((FOLDER / f"{entry.stem}.py").read_text(encoding="utf-8").splitlines())
        for entry in catalogue()
    }
    assert not {stem: lines for stem, lines in long.items() if lines > 100}


@pytest.mark.parametrize("entry", catalogue(), ids=lambda entry: entry.stem)
def test_a_page_has_its_headings_and_a_marked_example(entry: Entry) -> None:
    page = (FOLDER / f"{entry.stem}.md").read_text(encoding="utf-8")
    code = entry.stem.partition("_")[0].upper()
    assert re.findall(r"^## (.+)$", page, re.MULTILINE) == HEADINGS
    example = page.partition("## Example\n")[2].partition("## Instead\n")[0]
    assert re.search(rf"# (error|warning|note):.*\[{code}\]", example)
