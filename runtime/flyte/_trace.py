"""`@flyte.trace`: a helper whose result is a checkpoint of the task that calls it."""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Literal, ParamSpec, TypeVar

from flyte._context import current_driver
from flyte._interface import Interface
from flyte._load import defining_module

P = ParamSpec("P")
R = TypeVar("R")

TraceForm = Literal["function", "coroutine", "generator", "async generator"]


@dataclass(frozen=True)  # no slots: its name is worked out late and kept
class Trace(Generic[P, R]):
    """What `@flyte.trace` knows of its function."""

    function: Callable[P, R]
    interface: Interface
    form: TraceForm

    @functools.cached_property
    def name(self) -> str:
        """`module.function`, the script's own module for `__main__`."""
        return f"{defining_module(self.function)}.{self.function.__qualname__}"


def trace(function: Callable[P, R]) -> Callable[P, R]:
    """Record each call of `function` made by a task, and replay it when the run resumes.

    For functions, coroutine functions, generators and asynchronous generators; `None` is a result
    like any other. A call gets its place when it is made, and runs where it stands. Outside a run
    the function is called as it is.

    Raises:
        ValueError: it has `*args` or `**kwargs`.
    """
    interface = Interface.of(function, owner=function.__qualname__)
    definition = Trace(function, interface, _form(function))

    @functools.wraps(function)
    def traced(*args: P.args, **kwargs: P.kwargs) -> Any:
        driver = current_driver(function.__qualname__)
        if driver is None:
            return function(*args, **kwargs)
        return driver.trace(definition, interface.bind(args, kwargs))

    traced.definition = definition  # type: ignore[attr-defined]  # read by who runs a plan
    if definition.form == "coroutine" and sys.version_info >= (3, 12):
        inspect.markcoroutinefunction(traced)  # for libraries that ask before they call
    return traced


def _form(function: Callable[..., Any]) -> TraceForm:
    if inspect.isasyncgenfunction(function):
        return "async generator"
    if inspect.isgeneratorfunction(function):
        return "generator"
    return "coroutine" if inspect.iscoroutinefunction(function) else "function"
