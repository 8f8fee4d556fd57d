"""The user's tasks in a worker: loaded by the names that they have in the driver's process."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

from flyte._context import CURRENT_DRIVER
from flyte._task import Task
from flyte._workers.leaf import LeafDriver


class UnfitError(Exception):
    """The task can't be had here; the message says why."""


def load_task(module: str, file: str, function: str) -> Task[..., Any]:
    """The task of that qualified name, its module loaded if it isn't yet.

    Raises:
        UnfitError: the module's code fails, or there is no such task.
    """
    found: object = _module(module, Path(file))
    for name in function.split("."):
        found = getattr(found, name, None)
    if not isinstance(found, Task):
        raise UnfitError(f"`{module}` has no task `{function}`")
    return found


def _module(name: str, file: Path) -> ModuleType:
    if name in sys.modules:
        return sys.modules[name]
    # A module that starts a run when it is loaded has no guard round its main block.
    token = CURRENT_DRIVER.set(LeafDriver(b"", "", 0))
    try:
        return _load(name, file)
    except BaseException as error:  # whatever the user's code raises: told, and run elsewhere
        sys.modules.pop(name, None)
        raise UnfitError(f"`{file}` can't be loaded in a worker: {error!r}") from error
    finally:
        CURRENT_DRIVER.reset(token)


def _load(name: str, file: Path) -> ModuleType:
    if _origin(name) == file.resolve():
        return importlib.import_module(name)
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise ImportError(f"{file} is no module")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _origin(name: str) -> Path | None:
    """The file that an import of `name` would load."""
    try:
        spec: ModuleSpec | None = importlib.util.find_spec(name)
    except (ImportError, ValueError):
        return None
    return None if spec is None or not spec.has_location else Path(str(spec.origin)).resolve()
