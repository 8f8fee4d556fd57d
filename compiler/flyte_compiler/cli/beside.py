"""Another `flyte` than ours beside the tool: it works all the same, and says so once.

Nothing is imported: where the package would be loaded from is enough.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
from pathlib import Path

import click

from flyte_plan.modules import cache_folder, project_root

_PACKAGE = "flyte"
_OURS_HAS = "_engine"
"""A folder of our runtime's that no other `flyte` has."""


def say_what_is_beside(place: Path) -> None:
    """Say on standard error, once for a project and a version, that another `flyte` is there."""
    version = foreign_version()
    if version is None:
        return
    folder = cache_folder(project_root(place), os.environ.get("FLYTE_STORE"))
    mark = folder / f"beside-{_PACKAGE}-{version}"
    if mark.exists() or not _leave(mark):
        return
    click.echo(
        f"note: `{_PACKAGE}` {version} is installed, and stays as it is; programs are checked "
        "against the compiler's own stubs",
        err=True,
    )


def foreign_version() -> str | None:
    """The version of a `flyte` that isn't ours; None where there is none."""
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.origin is None or Path(spec.origin).with_name(_OURS_HAS).is_dir():
        return None
    try:
        return importlib.metadata.version(_PACKAGE)
    except importlib.metadata.PackageNotFoundError:  # a folder of the user's own, or a checkout
        return None


def _leave(mark: Path) -> bool:
    """Without a place to remember it, it would be said each time."""
    try:
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.touch()
    except OSError:
        return False
    return True
