"""What a kept typed result depends on beside the program."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from flyte_compiler.cache.types import types_state


def make_environment(folder: Path) -> Path:
    """The look of a virtual environment, as far as it is looked at."""
    packages = folder / "lib/python3.11/site-packages"
    packages.mkdir(parents=True)
    (folder / "pyvenv.cfg").write_text("version = 3.11.7\n", encoding="utf-8")
    (folder / "bin").mkdir()
    (folder / "bin/python").write_text("", encoding="utf-8")
    (folder / "bin/python").chmod(0o755)
    return packages


def test_it_changes_when_a_package_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    packages = make_environment(tmp_path / ".venv")
    before = types_state(tmp_path)
    assert types_state(tmp_path) == before
    (packages / "frames").mkdir()
    os.utime(packages, ns=(0, 1))
    assert types_state(tmp_path) != before


def test_it_changes_with_another_interpreter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    before = types_state(tmp_path)
    make_environment(tmp_path / ".venv")
    assert types_state(tmp_path) != before


def test_it_changes_with_what_mypy_is_told(tmp_path: Path) -> None:
    before = types_state(tmp_path)
    (tmp_path / "mypy.ini").write_text("[mypy]\nmypy_path = stubs\n", encoding="utf-8")
    assert types_state(tmp_path) != before
