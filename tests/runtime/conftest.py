"""Fixtures for programs that run: a store of their own, and a folder of their own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from program import EFFECT, Program


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store of the test's own."""
    folder = tmp_path / "store"
    monkeypatch.setenv("FLYTE_STORE", str(folder))
    return folder


@pytest.fixture
def program(tmp_path: Path) -> Callable[[str], Program]:
    """Write `main.py` with the effect log in it."""

    def write(source: str) -> Program:
        (tmp_path / "main.py").write_text(EFFECT + source)
        return Program(tmp_path)

    return write
