"""A task's version: what its recorded outcomes rest on.

From the source closure of its function; from its code object where there is no source (a
notebook cell, `exec`); from nothing where there is neither, and then it is never cached.
"""

from __future__ import annotations

import os
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any

from flyte._cache import VersionParameters
from flyte._engine.values import main_module
from flyte_plan.closure import Closure, Sources, closure_of
from flyte_plan.digest import digest
from flyte_plan.identity import task_version
from flyte_plan.modules import cache_folder, module_root

_versions: dict[Any, bytes | None] = {}
"""By function: a process computes each once, at the task's first recorded action."""


def version_of(task: Any) -> bytes | None:
    """The version of a task; None where nothing tells what it does."""
    function = task.function
    if function not in _versions:
        closure = _closure(task)
        _versions[function] = None if closure is None else _version(task, closure)
    return _versions[function]


def reachable_version(task: Any) -> bytes | None:
    """The version of a task and of every task that it can reach: what a cached value rests on.

    A called task is not in its caller's closure, so that an edit of it is a decision about *its*
    records; a value cached for the caller rests on it all the same.
    """
    version = version_of(task)
    if version is None or task.source_file is None:
        return version
    sources = sources_under(module_root(task.source_file.resolve()))
    reached = _reached_tasks(task, sources)
    return digest("reachable", version, *(closure.digest for _, closure in sorted(reached.items())))


def _reached_tasks(task: Any, sources: Sources) -> dict[str, Closure]:
    reached: dict[str, Closure] = {}
    waiting = [f"{task.module}:{task.qualified_name}"]
    while waiting:
        name = waiting.pop()
        if name in reached:
            continue
        try:
            module, _, function = name.partition(":")
            reached[name] = closure_of(module, function, sources)
        except LookupError:
            continue
        waiting.extend(reached[name].tasks)
    return reached


def _version(task: Any, closure: bytes) -> bytes:
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
    """The first-party modules under a root: each file read once, by whichever process is first."""
    return Sources(roots=(root,), cache=cache_folder(root, os.environ.get("FLYTE_STORE")))


def _code_digest(function: Any) -> bytes | None:
    code = getattr(function, "__code__", None)
    if code is None or function.__closure__:
        return None
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    constants = repr([c for c in code.co_consts if isinstance(c, int | float | str | bytes | None)])
    names = repr((code.co_names, code.co_varnames))
    return digest("code", python.encode(), code.co_code, constants.encode(), names.encode())
