"""The wheel holds what an installed copy needs beside its modules."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from flyte_compiler.rules.catalogue import catalogue

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def contents(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    target = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(target)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    (wheel,) = target.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.mark.slow
def test_the_wheel_holds_every_page(contents: set[str]) -> None:
    pages = {f"flyte_compiler/rules/{entry.stem}.md" for entry in catalogue()}
    assert pages <= contents


@pytest.mark.slow
def test_the_wheel_holds_what_a_page_with_a_graph_is_made_of(contents: set[str]) -> None:
    parts = ("page.html", "viewer.css", "viewer.js", "layout.js")
    assert {f"flyte_compiler/emit/html/{part}" for part in parts} <= contents


@pytest.mark.slow
def test_the_wheel_says_that_it_is_typed(contents: set[str]) -> None:
    packages = ("flyte", "flyte_compiler", "flyte_plan")
    assert {f"{package}/py.typed" for package in packages} <= contents


@pytest.mark.slow
def test_the_wheel_holds_the_licence_and_no_tests(contents: set[str]) -> None:
    assert any(name.endswith("licenses/LICENSE") for name in contents)
    assert any(name.endswith("licenses/NOTICE") for name in contents)
    assert not [name for name in contents if name.startswith(("tests/", "examples/"))]
