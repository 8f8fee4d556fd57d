"""What a typed result depends on beside the program: the Python that it is for, what is installed
there, and the stubs of `flyte`. mypy itself is a part of `compiler_state`."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path

from flyte_compiler.typecheck.interpreter import find_interpreter
from flyte_compiler.typecheck.stubs import stubs_folder

_SETTINGS = ("mypy.ini", ".mypy.ini", "pyproject.toml", "setup.cfg")
"""Where a project says what mypy is to look at."""
_PYTHON = re.compile(r"python\d.*")


def types_state(project: Path) -> str:
    """Changes when a package is installed, or taken away."""
    interpreter = find_interpreter(project)
    told = hashlib.sha256(f"{interpreter.executable} {interpreter.version}\n".encode())
    # A folder's time changes with what is put into it; stubs are ours, and few.
    for place in (*_packages(Path(interpreter.executable)), *_stubs()):
        told.update(f"{place} {_mark(place)}\n".encode(errors="replace"))
    for place in _settings(project):  # by name: a copied project keeps its results
        told.update(f"{place.name} {_mark(place)}\n".encode())
    return told.hexdigest()


def _packages(executable: Path) -> Iterator[Path]:
    prefix = executable.parents[1]
    for libraries in (prefix / "lib", prefix / "Lib"):
        yield libraries / "site-packages"
        if libraries.is_dir():
            versions = filter(lambda each: _PYTHON.fullmatch(each.name), libraries.iterdir())
            yield from sorted(each / "site-packages" for each in versions)


def _stubs() -> Iterator[Path]:
    yield from sorted(stubs_folder().rglob("*.pyi"))


def _settings(project: Path) -> Iterator[Path]:
    yield from (project / name for name in _SETTINGS)


def _mark(place: Path) -> str:
    try:
        found = os.stat(place)  # noqa: PTH116 - one call a file, of many files
    except OSError:
        return "absent"
    return f"{found.st_size} {found.st_mtime_ns}"
