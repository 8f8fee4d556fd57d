"""The functions that a plan names, in the modules that the program has loaded."""

from __future__ import annotations

import importlib
import sys
from typing import Any

from flyte._engine.values import main_module


def find_function(module: str, function: str) -> Any:
    """The task or trace that a plan's node names.

    The module is imported where the program has not done so yet: it is the user's own, found on
    the path that the run was started with.
    """
    found: Any = sys.modules.get(module)
    if found is None and module == main_module():
        found = sys.modules["__main__"]
    if found is None:
        found = importlib.import_module(module)
    for name in function.split("."):
        found = getattr(found, name)
    return found
