"""The modules and functions that a plan names, as the program has loaded them."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import Any

from flyte._engine.values import main_module


def find_module(name: str) -> ModuleType:
    """A module of the program.

    It is imported where the program has not done so yet: it is the user's own, found on the path
    that the run was started with.
    """
    found = sys.modules.get(name)
    if found is None and name == main_module():
        found = sys.modules["__main__"]
    return found or importlib.import_module(name)


def find_function(module: str, function: str) -> Any:
    """The task or trace that a plan's node names."""
    found: Any = find_module(module)
    for name in function.split("."):
        found = getattr(found, name)
    return found
