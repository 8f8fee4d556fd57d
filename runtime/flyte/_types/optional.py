"""Packages that only some programs need, and the extra that brings them."""

from __future__ import annotations

import importlib
from typing import Any

from flyte.errors import InitializationError


def needs(module: str, what: str) -> Any:
    """A module of an optional package.

    Raises:
        InitializationError: it isn't installed; says which extra has it.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        package = module.partition(".")[0]
        raise InitializationError(
            "MissingPackage",
            "user",
            f"{what} needs the package `{package}`: pip install 'flyte-compile[io]'",
        ) from error
