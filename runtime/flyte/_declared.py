"""Where something was declared, and whether two declarations exclude each other.

Running a declaration again is no second one: a reloaded module, an edited file, a notebook cell,
a function that is called twice. Two lines of one unchanged file are; so are two modules that are
both loaded.
"""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

_MODULE_SCOPE = "<module>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A line of a scope of a file, as it was when it ran."""

    file: str
    line: int
    scope: str
    """`<module>`, or the qualified name of the function or class body around it."""
    stamp: tuple[int, int] | None
    """Of the file; None where there is none (a notebook, `exec`)."""
    names: dict[str, Any] = field(repr=False, compare=False)
    """The module's."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"

    def excludes(self, later: Place) -> bool:
        """Whether `later` is a second declaration instead of this one run again."""
        if self.stamp is None or later.stamp is None:
            return False
        if self.file != later.file:
            in_functions = self.scope != _MODULE_SCOPE or later.scope != _MODULE_SCOPE
            return not in_functions and self._is_loaded() and later.names is not self.names
        return self.stamp == later.stamp and self.scope == later.scope and self.line != later.line

    def _is_loaded(self) -> bool:
        module = sys.modules.get(self.names.get("__name__", ""))
        return module is not None and vars(module) is self.names


def place_of_caller(*modules: str) -> Place:
    """Where the nearest caller outside `modules` stands."""
    frame: FrameType | None = inspect.currentframe()
    while frame is not None and frame.f_globals.get("__name__") in (__name__, *modules):
        frame = frame.f_back
    assert frame is not None, "called by nobody"
    code = frame.f_code
    return _place(code.co_filename, frame.f_lineno, code.co_qualname, frame.f_globals)


def place_of_function(function: Callable[..., Any]) -> Place:
    """Where `function` is defined."""
    own = inspect.unwrap(function)
    code = getattr(own, "__code__", None)
    if code is None:  # a builtin
        return _place("", 0, "", {})
    scope, _, _ = own.__qualname__.rpartition(".")
    return _place(code.co_filename, code.co_firstlineno, scope or _MODULE_SCOPE, own.__globals__)


def _place(file: str, line: int, scope: str, names: dict[str, Any]) -> Place:
    try:
        status = os.stat(file)  # noqa: PTH116 - a path object costs more than the call
    except OSError:
        stamp = None
    else:
        stamp = (status.st_mtime_ns, status.st_size)
    return Place(file=file, line=line, scope=scope, stamp=stamp, names=names)
