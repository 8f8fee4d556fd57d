"""What the closure tests share."""

from collections.abc import Callable
from pathlib import Path

import pytest
from closure_cases import Files, closure

from flyte_plan.closure import Closure

Compute = Callable[..., Closure]


@pytest.fixture
def compute(tmp_path: Path) -> Compute:
    """The closure of a function in files of its own, each time in a new folder."""
    folders = iter(range(1000))

    def compute(files: Files | str, function: str = "app:main") -> Closure:
        files = {"app.py": files} if isinstance(files, str) else files
        return closure(tmp_path / str(next(folders)), files, function)

    return compute
