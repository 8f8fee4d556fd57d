"""Where a body's Python runs: the module and the file of its function."""

from __future__ import annotations
import __future__

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from types import CellType, FunctionType, ModuleType
from typing import Any

from flyte._engine.plan_calls import find_module
from flyte_plan.plan import PlannedHelper

_LOCAL = ".<locals>."


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """A function of the user's, as its fragments need it."""

    name: str
    qualname: str
    file: str
    globals: dict[str, Any]
    future: int
    """Flags of the `__future__` imports that hold in its file."""
    closure: Mapping[str, CellType]
    """Its free variables, where it was made inside a function that is no part of the plan."""


def home_of_function(function: Any) -> Home:
    """The home of a task's own function."""
    function = inspect.unwrap(function)
    return Home(
        name=function.__name__,
        qualname=function.__qualname__,
        file=function.__code__.co_filename,
        globals=function.__globals__,
        future=_future(function),
        closure=_closure(function),
    )


def home_of_helper(helper: PlannedHelper) -> Home:
    """The home of a helper: its module, and the file of the outermost function around it."""
    module = find_module(helper.module)
    outermost, _, inner = helper.function.partition(_LOCAL)
    function = find_plain_function(module, outermost)
    return Home(
        name=helper.function.rpartition(".")[2],
        qualname=helper.function,
        file=function.__code__.co_filename if function else str(module.__file__),
        globals=vars(module),
        future=_future(function) if function else 0,
        closure=_closure(function) if function and not inner else {},
    )


def find_plain_function(module: ModuleType, name: str) -> FunctionType | None:
    """The function that a module's name stands for, out of its decorators; None where that isn't
    a function of the module's own any more."""
    found: Any = module
    for part in name.split("."):
        found = getattr(found, part, None)
    found = inspect.unwrap(getattr(found, "__func__", found)) if found is not None else None
    return found if isinstance(found, FunctionType) else None


def _future(function: FunctionType) -> int:
    return function.__code__.co_flags & __future__.annotations.compiler_flag


def _closure(function: FunctionType) -> dict[str, CellType]:
    return dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True))
