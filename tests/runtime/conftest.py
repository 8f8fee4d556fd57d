"""Fixtures for programs that run: a store of their own, and processes that may be killed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

EFFECT = '''
def effect(text):
    import os
    handle = os.open("effects", os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    os.write(handle, (text + "\\n").encode())
    os.close(handle)

def die(when):
    import os, signal
    if os.environ.get("DIE") == when:
        os.kill(os.getpid(), signal.SIGKILL)
'''
"""An effect log that is independent of the journal, and a way to die in the middle."""


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store of the test's own."""
    folder = tmp_path / "store"
    monkeypatch.setenv("FLYTE_STORE", str(folder))
    return folder


@dataclass(frozen=True)
class Program:
    """A program in a folder of its own, run by a process of its own."""

    folder: Path

    def run(self, *arguments: str, die: str = "") -> subprocess.CompletedProcess[str]:
        """Run `flyte` with these arguments; `die` names the place to be killed at."""
        environment = {**os.environ, "DIE": die, "FLYTE_STORE": str(self.folder / "store")}
        return subprocess.run(
            [sys.executable, "-c", "from flyte.cli import main; main()", *arguments],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def effects(self) -> Counter[str]:
        """What the program did, by its own log."""
        log = self.folder / "effects"
        return Counter(log.read_text().splitlines() if log.exists() else [])


@pytest.fixture
def program(tmp_path: Path) -> Callable[[str], Program]:
    """Write `main.py` with the effect log in it."""

    def write(source: str) -> Program:
        (tmp_path / "main.py").write_text(EFFECT + source)
        return Program(tmp_path)

    return write
