"""A task's version: what its recorded outcomes rest on.

From the source closure of its function; from its code object where there is no source (a
notebook cell, `exec`); from nothing where there is neither, and then it is never cached.
"""

from __future__ import annotations

import sys
from functools import lru_cache
from pathlib import Path
from typing import Any

from flyte._cache import VersionParameters
from flyte._engine.values import main_module
from flyte_plan.closure import Sources, closure_of
from flyte_plan.digest import digest
from flyte_plan.identity import task_version
from flyte_plan.modules import module_root

_versions: dict[Any, bytes | None] = {}
"""By function: a process computes each once, at the task's first recorded action."""


def version_of(task: Any) -> bytes | None:
    """The version of a task; None where nothing tells what it does."""
    function = task.function
    if function not in _versions:
        _versions[function] = _compute(task)
    return _versions[function]


def _compute(task: Any) -> bytes | None:
    closure = _closure(task)
    if closure is None:
        return None
    cache = task.options.cache
    parameters = VersionParameters(func=task.function, image=task.environment.image)
    declared = cache.get_version(parameters) if cache.policies or cache.version_override else None
    return task_version(
        task=task.name,
        interface=task.interface.digest_text(main=main_module() or "__main__"),
        closure=closure,
        declared=f"{declared or ''}\0{cache.salt}",
    )


def _closure(task: Any) -> bytes | None:
    file = task.source_file
    if file is None:
        return _code_digest(task.function)
    try:
        sources = sources_under(module_root(file.resolve()))
        return closure_of(task.module, task.qualified_name, sources).digest
    except LookupError:
        return _code_digest(task.function)


@lru_cache(maxsize=16)
def sources_under(root: Path) -> Sources:
    """The first-party modules under a root, parsed once a process."""
    return Sources(roots=(root,))


def _code_digest(function: Any) -> bytes | None:
    code = getattr(function, "__code__", None)
    if code is None or function.__closure__:
        return None
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    constants = repr([c for c in code.co_consts if isinstance(c, int | float | str | bytes | None)])
    names = repr((code.co_names, code.co_varnames))
    return digest("code", python.encode(), code.co_code, constants.encode(), names.encode())
