"""The files that a module's images take their packages from: what is said of it depends on them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

_USED = re.compile(r"\.with_(?:requirements|uv_project)\(")
_NAME = re.compile(r"""["']([^"'\n]+\.(?:txt|in|toml))["']""")
_PROJECT, _LOCK = "pyproject.toml", "uv.lock"


def listed_files(text: str, file: Path) -> Iterator[Path]:
    """Absolute places, there or not, of the files that a module's text may mean: beside it, and
    where the command runs."""
    if not _USED.search(text):
        return
    for name in dict.fromkeys(_NAME.findall(text)):
        for folder in (file.parent, Path.cwd()):
            place = folder / name
            yield place
            if place.name == _PROJECT:
                yield place.with_name(_LOCK)
