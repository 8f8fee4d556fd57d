"""The compiler, where it is installed: found by the name of an entry point, never imported.

A `compiled_task` that is run from its source is compiled first. A plan that was made beforehand
needs no compiler.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from flyte.errors import NotCompilableError

GROUP = "flyte.compiler"


def plan_of(task: Any) -> tuple[bytes, Path]:
    """The plan of a compiled task's module, and the module's file.

    Raises:
        NotCompilableError: it can't be part of a plan; or there is no compiler, or no file.
    """
    file: Path | None = task.source_file
    if file is None:
        raise NotCompilableError(f"`{task.name}` can't be compiled: its source is in no file")
    found = entry_points(group=GROUP, name="compile")
    if not found:
        raise NotCompilableError(
            f"`{task.name}` can't be compiled: the compiler, package `flyte-compile`, is not "
            "installed; a plan made beforehand runs without it"
        )
    compile_task: Callable[[str, str], bytes] = next(iter(found)).load()
    try:
        return compile_task(str(file), task.name), file
    except ValueError as error:
        raise NotCompilableError(str(error)) from None
