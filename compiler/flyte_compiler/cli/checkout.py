"""Where the repository is that a report for a server speaks of."""

from __future__ import annotations

import os
from pathlib import Path

from flyte_compiler.diagnostics.repository import Repository

_WORKSPACE = "GITHUB_WORKSPACE"


def repository() -> Repository:
    """The checkout that a workflow works in, or the nearest one upward; else the working folder."""
    here = Path.cwd()
    return Repository(top=_top(here), folder=here)


def _top(here: Path) -> Path:
    workspace = os.environ.get(_WORKSPACE)
    if workspace and here.is_relative_to(workspace):
        return Path(workspace)
    return next((each for each in (here, *here.parents) if _is_checkout(each)), here)


def _is_checkout(folder: Path) -> bool:
    """`.git` is a file in a linked work tree."""
    return os.path.exists(folder / ".git")  # noqa: PTH110 - never raises
