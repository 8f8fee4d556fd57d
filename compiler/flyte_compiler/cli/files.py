"""Which files are meant by the paths on the command line."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

_SKIPPED = frozenset({"__pycache__", "node_modules", ".venv", "venv", "site-packages"})


def python_files(paths: Iterable[Path]) -> tuple[Path, ...]:
    """The files named, and every `.py` file below the folders named, each once, in order.

    Hidden folders, environments and caches below a folder are left out; one that is named itself
    is not.
    """
    seen: dict[str, Path] = {}
    for path in paths:
        for file in _below(path) if path.is_dir() else (path,):
            seen.setdefault(os.path.realpath(file), file)  # links in a circle are no error
    return tuple(seen.values())


def _below(folder: Path) -> Iterator[Path]:
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not _is_skipped(Path(parent, name)))
        yield from (Path(parent, name) for name in sorted(files) if name.endswith(".py"))


def _is_skipped(folder: Path) -> bool:
    is_environment = (folder / "pyvenv.cfg").exists()
    return folder.name.startswith(".") or folder.name in _SKIPPED or is_environment
