"""Names and places: which dotted name a file has, and where a module's file lies.

One answer for compiler, runtime and workers, because the name is part of every identity. A
module's root is the first folder upward without `__init__.py`, so that `a/b.py` is `a.b`
whichever folder a program was started from.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

_PACKAGE_FILE = "__init__.py"
_PROJECT_MARKS = ("pyproject.toml", ".git")


def module_root(file: Path) -> Path:
    """The folder that a program must have on `sys.path` to import `file` by its name."""
    *_, mark = root_marks(file)
    return mark.parent


def root_marks(file: Path) -> Iterator[Path]:
    """The `__init__.py` places that decide a file's root, its own folder's first; the last one,
    which isn't there, lies in the root."""
    for folder in file.absolute().parents:
        mark = folder / _PACKAGE_FILE
        yield mark
        if not os.path.isfile(mark):  # noqa: PTH113 - no permission to look is no reason to raise
            return


def module_name(file: Path, root: Path) -> str:
    """The dotted name of `file` under `root`: `a/b.py` is `a.b`, `a/__init__.py` is `a`.

    Raises:
        ValueError: `file` is not a Python file below `root`.
    """
    try:
        relative = file.absolute().relative_to(root.absolute())
    except ValueError:
        raise ValueError(f"`{file}` does not lie under the root `{root}`") from None
    if relative.suffix != ".py":
        raise ValueError(f"`{file}` is not a Python source file")
    parts = (
        relative.parent.parts if relative.name == _PACKAGE_FILE else relative.with_suffix("").parts
    )
    if not parts:
        raise ValueError(f"`{file}` makes its root `{root}` a package, which has no name there")
    return ".".join(parts)


def find_module(name: str, roots: Iterable[Path]) -> Path | None:
    """The file of module `name` under the first of `roots` that has it; None where none has.

    As Python does, a package wins over a module of the same name beside it.
    """
    places = module_places(name, roots)
    return next((place for place in places if os.path.isfile(place)), None)  # noqa: PTH113 - as above


def module_places(name: str, roots: Iterable[Path]) -> Iterator[Path]:
    """Where module `name` may lie, the place that wins first; none for what is no dotted name."""
    parts = name.split(".")
    if not all(parts) or any("/" in part or "\\" in part for part in parts):
        return
    for root in roots:
        place = root.joinpath(*parts)
        yield place / _PACKAGE_FILE
        yield place.with_name(f"{place.name}.py")


def project_root(start: Path) -> Path:
    """The nearest folder from `start` upward with a `pyproject.toml` or `.git`, else `start`."""
    start = start.absolute()
    folder = start if start.is_dir() else start.parent
    for candidate in (folder, *folder.parents):
        if any((candidate / mark).exists() for mark in _PROJECT_MARKS):
            return candidate
    return folder


def cache_folder(start: Path, store: str | None) -> Path:
    """Where what can be made again is kept: beside the runs in `store`, what `$FLYTE_STORE` says;
    else in the project's root."""
    if store:
        return Path(store).expanduser().absolute() / "cache"
    return project_root(start) / ".flyte" / "cache"
