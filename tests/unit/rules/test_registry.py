from __future__ import annotations

import ast
from pathlib import Path

import pytest

import flyte_compiler.rules as package
from flyte_compiler.ir.leaves import Reason
from flyte_compiler.rules.catalogue import catalogue
from flyte_compiler.rules.explain import explain
from flyte_compiler.rules.reasons import CODES
from flyte_compiler.rules.registry import rules

FOLDER = Path(package.__path__[0])


def test_every_file_of_a_rule_is_registered_under_its_name() -> None:
    assert [(each.rule.code, each.rule.name) for each in rules()] == [
        (entry.code, entry.name) for entry in catalogue()
    ]


def test_every_reason_has_a_rule_named_after_it() -> None:
    names = {each.rule.code: each.rule.name for each in rules()}
    assert {names[CODES[reason]] for reason in Reason} == {
        f"dynamic-{reason.value}" for reason in Reason
    }


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda path: path.stem)
def test_rules_look_at_facts_not_at_trees(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imported = {
        name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in [getattr(node, "module", None), *(alias.name for alias in node.names)]
    }
    assert not {name for name in imported if name and name.split(".")[0] == "libcst"}


@pytest.mark.parametrize("path", sorted(FOLDER.glob("fc*.py")), ids=lambda path: path.stem)
def test_a_rule_has_at_most_a_hundred_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 100


@pytest.mark.parametrize("word", ["FC302", "fc302", "argument-count"])
def test_a_rule_is_explained_by_code_and_name(word: str) -> None:
    assert explain(word).startswith("# argument-count (FC302)\n")


def test_an_unknown_rule_names_the_nearest() -> None:
    with pytest.raises(LookupError, match="did you mean `argument-count`"):
        explain("argumentcount")
