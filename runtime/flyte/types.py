"""How a type of one's own crosses a task's boundary.

    flyte.types.register(Matrix, encode=lambda m: m.rows, decode=Matrix)

`encode` gives a value that has an encoding: scalars, collections, dataclasses, other registered
types. What it gives is also the value's identity, for replay and for the cache; where that
should be less, say so with `identify`. A type without an encoding crosses as a pickle signed with
its store's key, or not at all where `pickle = "never"`.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable
from typing import NoReturn, TypeVar

from flyte._engine.values import real_module
from flyte._types.extensions import Extension, add
from flyte._types.misfit import BoundaryTypeError
from flyte_plan.encoding import UnencodableError

T = TypeVar("T")

__all__ = ["BoundaryTypeError", "UnencodableError", "register"]


def register(
    type: type[T],  # noqa: A002 - the word that says it
    encode: Callable[[T], object],
    decode: Callable[..., T],
    *,
    identify: Callable[[T], object] | None = None,
) -> None:
    """Tell how values of exactly `type` are written; the last registration counts.

    Register where the type is defined, so that a process that reads its values knows it.
    `decode` is given what `encode` gave, in a copy.

    Raises:
        TypeError: `type` is no class, or a function isn't callable.
    """
    if not isinstance(type, builtins.type):
        raise TypeError(f"`register` takes a class first, not {type!r}")
    for name, function in (("encode", encode), ("decode", decode)):
        if not callable(function):
            raise TypeError(f"`{name}` of `{type.__qualname__}` is not callable: {function!r}")
    kind = f"{real_module(type.__module__)}:{type.__qualname__}"
    add(type, Extension(kind=kind, encode=encode, decode=decode, identify=identify))


_UPSTREAMS = frozenset(
    {
        *("FlytePickle", "Renderable", "TypeEngine", "TypeTransformer"),
        *("TypeTransformerFailedError", "guess_interface", "literal_string_repr"),
    }
)
"""Upstream's own extension point makes values of its service's wire format."""


def __getattr__(name: str) -> NoReturn:
    if name in _UPSTREAMS:
        raise AttributeError(
            f"`flyte.types.{name}` is not available: `flyte.types.register` says how values of a "
            "type are written"
        )
    raise AttributeError(f"module `flyte.types` has no attribute `{name}`")
