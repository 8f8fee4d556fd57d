from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from markdown_cases import run

from flyte_compiler.cli.options import TYPE_SOURCES
from flyte_compiler.cli.schema import read_settings
from flyte_compiler.rules.catalogue import Entry, catalogue
from flyte_compiler.rules.overview import overview
from flyte_compiler.typecheck.oracle import TypeSource

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("entry", catalogue(), ids=lambda entry: entry.code)
def test_every_rule_is_explained_by_code_and_by_name(entry: Entry) -> None:
    by_code = run(["explain", entry.code.lower()])
    assert by_code.exit_code == 0
    assert by_code.output.startswith(f"# {entry.name} ({entry.code})\n")
    assert run(["explain", entry.name]) == by_code


def test_an_unknown_rule_names_the_nearest() -> None:
    given = run(["explain", "argument-cuont"])
    assert given.exit_code == 2
    assert "did you mean `argument-count`?" in given.errors


def test_without_a_code_every_rule_is_listed() -> None:
    lines = run(["explain"]).output.splitlines()
    assert [line.split()[:2] for line in lines] == [[each.code, each.name] for each in catalogue()]
    assert all(len(line.split()) > 3 for line in lines)


def test_the_table_of_rules_is_current() -> None:
    """`python -m flyte_compiler.rules.overview > docs/rules.md` makes it."""
    assert (ROOT / "docs" / "rules.md").read_text(encoding="utf-8") == overview()


def test_the_stubs_are_where_it_says() -> None:
    given = run(["stubs", "--path"])
    assert (Path(given.output.rstrip("\n")) / "flyte" / "__init__.pyi").is_file()
    assert run(["stubs"]).exit_code == 2


def test_the_sources_of_types_are_those_of_the_oracle() -> None:
    assert tuple(each.value for each in TypeSource) == TYPE_SOURCES


def test_the_hooks_run(tmp_path: Path) -> None:
    file = tmp_path / "main.py"
    file.write_text("import flyte\n", encoding="utf-8")
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert [each["id"] for each in hooks] == ["flyte-compile", "flyte-compile-fix"]
    for hook in hooks:
        program, *options = hook["entry"].split()
        command = [str(Path(sys.executable).with_name(program)), *options, *hook["args"]]
        subprocess.run([*command, str(file)], check=True, capture_output=True, cwd=tmp_path)


def _fences(page: str, kind: str) -> list[str]:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    return [part.partition("```")[0] for part in text.split(f"```{kind}\n")[1:]]


def test_the_workflows_in_the_documentation_are_valid_and_use_what_there_is() -> None:
    for text in _fences("ci.md", "yaml"):
        yaml.safe_load(text)
        for line in text.splitlines():
            _, found, command = line.partition("- run: flyte-compile ")
            if found:
                options = command.partition(" src/")[0].split()
                assert run([*options, str(ROOT / "examples" / "hello.py")]).exit_code == 0


def test_the_configuration_in_the_documentation_is_valid(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (text,) = _fences("configuration.md", "toml")
    table = tomllib.loads(text)["tool"]["flyte-compile"]
    settings = read_settings(table, tmp_path)
    assert settings.types == "mypy"
    page = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    assert all(f"| `{key}` |" in page for key in table)
