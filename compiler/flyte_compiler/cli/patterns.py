"""Patterns of paths: `*_pb2.py` is a name anywhere, `tests/data` a path from the configuration."""

from __future__ import annotations

import os
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path


def names_path(patterns: Iterable[str], path: Path, base: Path) -> bool:
    """Whether a pattern names a file or folder; a pattern of a folder ends in `/` or doesn't.

    `*` and `**` go over any number of folders, `**/` over none, too.
    """
    relative = Path(os.path.relpath(path, base)).as_posix()
    return any(_names(pattern, relative) for pattern in patterns)


def covers_file(patterns: Iterable[str], file: Path, base: Path) -> bool:
    """Whether a pattern names a file, or a folder that it lies in."""
    relative = Path(os.path.relpath(file, base))
    places = [each.as_posix() for each in (relative, *relative.parents) if each.name]
    return any(_names(pattern, place) for pattern in patterns for place in places)


def _names(pattern: str, relative: str) -> bool:
    wanted = pattern.removeprefix("./").rstrip("/")
    if "/" not in wanted:
        name = relative.rpartition("/")[2]
        return fnmatchcase(relative, wanted) or fnmatchcase(name, wanted)
    return fnmatchcase(relative, wanted) or fnmatchcase(relative, wanted.replace("**/", ""))
