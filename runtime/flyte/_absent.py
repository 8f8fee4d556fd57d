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


def absent_module(module: str) -> Callable[[str], Any]:
    """A module's `__getattr__`: every public name is known to exist, and not available."""

    def get(name: str) -> NoReturn:
        if name.startswith("_"):
            raise AttributeError(f"module `{module}` has no attribute `{name}`")
        # An `AttributeError`, too: what probes with `hasattr` gets its answer.
        raise _AbsentAttributeError(str(not_available(f"{module}.{name}")))

    return get


class _AbsentAttributeError(NotAvailableError, AttributeError):
    """A name of such a module."""
