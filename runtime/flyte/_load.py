"""User modules: their real names, and how a file is loaded under its own.

A script's module is named after its file, never `__main__`, so that a script and an import give
the same identities.
"""

from __future__ import annotations

import importlib.util
import inspect
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flyte._task import Task


def defining_module(function: Callable[..., Any]) -> str:
    """The dotted name of the module that defines `function`."""
    plain = inspect.unwrap(function)
    name: str = plain.__module__
    if name != "__main__":
        return name
    return module_of_file(Path(plain.__code__.co_filename)) or name


def module_of_file(file: Path) -> str | None:
    """The dotted name of a file's module; None where no such file is there."""
    from flyte_plan.modules import module_name, module_root  # noqa: PLC0415 - keeps start-up light

    if not file.is_file():
        return None
    try:
        return module_name(file.resolve(), module_root(file.resolve()))
    except ValueError:  # a script without the suffix of a module
        return file.stem


def load_module(file: Path) -> ModuleType:
    """Import a file as the module that it is, with its root on the path.

    Raises:
        BaseException: whatever the module's own code raises.
    """
    from flyte_plan.modules import module_root  # noqa: PLC0415 - keeps start-up light

    file = file.resolve()
    name = module_of_file(file)
    if name is None:
        raise FileNotFoundError(f"no such file: {file}")
    loaded = _loaded(name, file)
    if loaded is not None:
        return loaded
    root = str(module_root(file))
    if root not in sys.path:
        sys.path.insert(0, root)
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def tasks_of(module: ModuleType) -> dict[str, Task[..., Any]]:
    """The tasks that a module's names hold, by `environment.function`, in source order."""
    from flyte._task import Task  # noqa: PLC0415 - `_task` reads names from here

    found = {value.name: value for value in vars(module).values() if isinstance(value, Task)}
    return dict(sorted(found.items(), key=lambda entry: (entry[1].line, entry[0])))


def _loaded(name: str, file: Path) -> ModuleType | None:
    for candidate in (name, "__main__"):
        module = sys.modules.get(candidate)
        loaded_from = getattr(module, "__file__", None)
        if module is not None and loaded_from and Path(loaded_from).resolve() == file:
            return module
    return None
