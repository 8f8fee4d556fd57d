"""Which files are meant by the paths on the command line."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from flyte_compiler.cli.options import Options
from flyte_compiler.cli.patterns import names_path

_SKIPPED = frozenset(
    {"__pycache__", "node_modules", "venv", "env", "site-packages", "build", "dist"}
)
"""Folders that hold no source of the project's; hidden ones are left out too."""


def files_of(options: Options) -> tuple[Path, ...]:
    """The files that are meant, as of now."""
    paths = options.request.paths
    return python_files(paths, exclude=options.exclude, folder=options.pattern_folder)


def python_files(
    paths: Iterable[Path], *, exclude: Sequence[str] = (), folder: Path | None = None
) -> tuple[Path, ...]:
    """The files named, and every `.py` file below the folders named, each once, in order.

    Hidden folders, environments, caches and built files below a folder are left out, and what
    a pattern of `exclude` names, relative to `folder`; what is named itself never is. A folder
    that can't be listed stands for itself: reading it says why.
    """
    seen: dict[str, Path] = {}
    for path in paths:
        found = _below(path, exclude, folder or Path.cwd()) if path.is_dir() else (path,)
        for file in found:
            seen.setdefault(os.path.realpath(file), file)  # links in a circle are no error
    return tuple(seen.values())


def _below(top: Path, exclude: Sequence[str], base: Path) -> Iterator[Path]:
    unlisted: list[Path] = []

    def refuse(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):  # gone since its parent was listed
            unlisted.append(Path(error.filename))

    for parent, folders, files in os.walk(top, onerror=refuse):
        here = Path(parent)
        folders[:] = sorted(
            name
            for name in folders
            if not _is_skipped(here / name) and not names_path(exclude, here / name, base)
        )
        yield from (
            here / name
            for name in sorted(files)
            if name.endswith(".py") and not names_path(exclude, here / name, base)
        )
    yield from unlisted


def _is_skipped(folder: Path) -> bool:
    if folder.name.startswith("."):
        return True
    if folder.name in _SKIPPED:
        # A package may well be called `build`.
        return not os.path.exists(folder / "__init__.py")  # noqa: PTH110 - never raises
    return os.path.exists(folder / "pyvenv.cfg")  # noqa: PTH110 - never raises
