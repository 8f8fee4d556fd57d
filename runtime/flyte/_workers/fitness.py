"""Which tasks a worker can run: leaves that it can load by name.

A leaf reaches no task and no trace, as far as its source closure says; where that had to take in
a whole module, nobody knows, and it stays in the driver's process.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from flyte._engine.values import main_module
from flyte._engine.versions import sources_under
from flyte._task import Task
from flyte_plan.closure import closure_of
from flyte_plan.modules import module_root

_fit: dict[Callable[..., Any], bool] = {}


def is_fit(task: Task[..., Any]) -> bool:
    """Whether a worker can run the task."""
    function = task.function
    if function not in _fit:
        _fit[function] = _is_loadable(task) and _is_leaf(task)
    return _fit[function]


def declare_unfit(task: Task[..., Any]) -> bool:
    """A worker couldn't run it after all; whether that is news."""
    is_news = _fit.get(task.function, True)
    _fit[task.function] = False
    return is_news


def _is_loadable(task: Task[..., Any]) -> bool:
    """Whether an import of its file gives the same task under the same name."""
    if task.kind != "task" or task.source_file is None or "<locals>" in task.qualified_name:
        return False
    found: object = sys.modules.get(task.module)
    if found is None and task.module == main_module():
        found = sys.modules.get("__main__")
    for name in task.qualified_name.split("."):
        found = getattr(found, name, None)
    return isinstance(found, Task) and found.function is task.function


def _is_leaf(task: Task[..., Any]) -> bool:
    assert task.source_file is not None
    try:
        sources = sources_under(module_root(task.source_file.resolve()))
        closure = closure_of(task.module, task.qualified_name, sources)
    except LookupError:
        return False
    return not closure.tasks and not closure.widened
