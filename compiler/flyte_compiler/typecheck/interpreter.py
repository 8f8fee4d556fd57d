"""Which Python a program is for: the one whose installed packages its imports mean.

The environment that is active comes first, then the project's own `.venv`, then the Python that
runs the compiler: the compiler may be installed apart from what it compiles.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

_VERSION = re.compile(r"^version(?:_info)?\s*=\s*(\d+)\.(\d+)", re.MULTILINE)
_PLACES = (Path("bin", "python"), Path("Scripts", "python.exe"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Interpreter:
    """A Python."""

    executable: str
    version: tuple[int, int]


RUNNING = Interpreter(executable=sys.executable, version=sys.version_info[:2])
"""The one that runs the compiler; to ask it for its packages starts no process."""


def find_interpreter(project: Path, environment: Mapping[str, str] = os.environ) -> Interpreter:
    """The interpreter whose packages the programs of a project import."""
    for folder in _environments(project, environment):
        if _is_same(folder, Path(sys.prefix)):
            return RUNNING
        found = _interpreter_of(folder)
        if found is not None:
            return found
    return RUNNING


def _environments(project: Path, environment: Mapping[str, str]) -> Iterator[Path]:
    active = environment.get("VIRTUAL_ENV")
    if active:
        yield Path(active)
    yield project / ".venv"


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False


def _interpreter_of(folder: Path) -> Interpreter | None:
    """The interpreter of a virtual environment; None where it isn't a whole one, or is of a Python
    that this compiler doesn't know."""
    try:
        said = _VERSION.search((folder / "pyvenv.cfg").read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return None
    place = next((folder / each for each in _PLACES if os.access(folder / each, os.X_OK)), None)
    if said is None or place is None:
        return None
    version = (int(said[1]), int(said[2]))
    return Interpreter(executable=str(place), version=version) if version >= (3, 10) else None
