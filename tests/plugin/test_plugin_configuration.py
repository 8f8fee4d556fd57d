"""A configuration that means nothing ends mypy with one clear line."""

from __future__ import annotations

from pathlib import Path

import pytest
from mypy import api
from plugin_cases import configuration

WRONG = {
    'manifst = "x"': "unknown key `manifst` in `tool.flyte-compile.mypy`; did you mean `manifest`?",
    "untyped-bodies = 1": "`untyped-bodies` in `tool.flyte-compile.mypy` must be `true` or `false`",
    "crossing = [1]": "`crossing` in `tool.flyte-compile.mypy` must be a list of full names",
    'manifest = ""': "`manifest` in `tool.flyte-compile.mypy` must be a path",
    'colour = "red"': "it may be one of `manifest`, `untyped-bodies`, `crossing`",
}
LOOKUP = 'from flyte import remote\n\nremote.Task.get("a.b", version="1")\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "main.py").write_text(LOOKUP, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def check(folder: Path, more: str) -> tuple[str, int]:
    text = f"{configuration()}[tool.flyte-compile.mypy]\n{more}\n"
    (folder / "pyproject.toml").write_text(text, encoding="utf-8")
    output, failure, code = api.run(["main.py", "--no-error-summary"])
    assert not failure
    return output, code


@pytest.mark.parametrize("line", WRONG)
def test_a_wrong_line_is_one_error_with_its_file(line: str, folder: Path) -> None:
    output, code = check(folder, line)
    assert code == 2
    assert len(output.splitlines()) == 1
    assert f"`{folder / 'pyproject.toml'}`" in output
    assert WRONG[line] in output


def test_it_is_an_error_with_a_warm_cache_too(folder: Path) -> None:
    assert check(folder, "") == ("", 0)
    assert check(folder, "untyped-bodies = 3")[1] == 2


def test_what_is_no_table_is_an_error(folder: Path) -> None:
    text = f"{configuration()}[tool.flyte-compile]\nmypy = 3\n"
    (folder / "pyproject.toml").write_text(text, encoding="utf-8")
    output, _, code = api.run(["main.py"])
    assert code == 2
    assert "`tool.flyte-compile.mypy` is `3`, not a table" in output


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "isn't there; `flyte-compile stubs FILE` writes it"),
        ("{", "can't be read"),
        ('{"version": 7, "tasks": {}}', "is no manifest of version 1"),
        ('{"version": 1, "tasks": {"a.b": {"result": "any"}}}', "holds tasks that are none"),
        ('{"version": 1, "tasks": {"a.b": {"parameters": [], "result": 3}}}', "are none"),
    ],
)
def test_a_manifest_that_is_none_is_an_error(content: str | None, said: str, folder: Path) -> None:
    if content is not None:
        (folder / "tasks.json").write_text(content, encoding="utf-8")
    output, code = check(folder, 'manifest = "tasks.json"')
    assert code == 2
    assert said in output
    assert "Traceback" not in output
