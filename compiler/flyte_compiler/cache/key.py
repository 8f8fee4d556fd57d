"""What a kept result is found by: the command, and everything but files that it depends on."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

FORMAT = 1
"""Of the records in the folder."""
_OURS = ("flyte_compiler", "flyte_plan")
_THEIRS = ("libcst", "mypy")


def key_of(*words: object) -> str:
    """A name for a file; `words` are what JSON can hold, or paths."""
    told = [FORMAT, sys.version, compiler_state(), *words]
    return hashlib.sha256(json.dumps(told, default=str).encode()).hexdigest()


@cache
def compiler_state() -> str:
    """Changes with every file of the compiler, so that developing it never shows old results.

    Sizes and times, since reading them all would take longer than many a check. Of the libraries
    that read programs, one file each: a release replaces it.
    """
    told = hashlib.sha256()
    for file in sorted(_files()):
        found = file.stat()
        told.update(f"{file} {found.st_size} {found.st_mtime_ns}\n".encode(errors="replace"))
    return told.hexdigest()


def _files() -> Iterator[Path]:
    for name in _OURS:
        for folder in _folders(name):
            yield from folder.rglob("*.py")
    for name in _THEIRS:
        yield from (folder / "__init__.py" for folder in _folders(name))


def _folders(package: str) -> Iterator[Path]:
    """Found without importing it."""
    spec = find_spec(package)
    yield from map(Path, (spec and spec.submodule_search_locations) or ())
