"""Parts of the upstream SDK that need what one machine doesn't have: there by name, and say so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

_REMOTE = "this version runs tasks on this machine alone"


class NotAvailableError(NotImplementedError):
    """Something that this version doesn't have; the message says what there is instead."""


def not_available(what: str, instead: str = "") -> NotAvailableError:
    """The error for `what`."""
    hint = f"; {instead}" if instead else ""
    return NotAvailableError(f"`{what}` is not available: {_REMOTE}{hint}")


class Absent:
    """A name that exists: it can be imported, and says what is wrong where it is used."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __call__(self, *_args: object, **_options: object) -> NoReturn:
        raise not_available(self._name)

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("__"):
            raise AttributeError(name)
        raise not_available(f"{self._name}.{name}")

    def __repr__(self) -> str:
        return f"<{self._name}: not available>"


def absent_module(module: str) -> Callable[[str], Any]:
    """A module's `__getattr__`: every public name is known to exist, and not available."""

    def get(name: str) -> Absent:
        if name.startswith("_"):
            raise AttributeError(f"module `{module}` has no attribute `{name}`")
        return Absent(f"{module}.{name}")

    return get
