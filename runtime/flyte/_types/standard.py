"""Containers and numbers of the standard library that the encoding itself leaves out."""

from __future__ import annotations

import builtins
from collections import Counter, OrderedDict, defaultdict, deque
from fractions import Fraction
from typing import Any

from flyte._types.extensions import Extension, add


def _default_parts(value: defaultdict[Any, Any]) -> object:
    factory = value.default_factory
    if factory is None:
        return [None, dict(value)]
    name = getattr(factory, "__name__", "")
    return [name, dict(value)] if getattr(builtins, name, None) is factory else None


def _read_default(parts: Any) -> object:
    name, held = parts
    return defaultdict(None if name is None else getattr(builtins, name), held)


add(
    OrderedDict,
    Extension(
        kind="collections.OrderedDict",
        encode=lambda value: [list(pair) for pair in value.items()],
        decode=OrderedDict,
    ),
)
add(Counter, Extension(kind="collections.Counter", encode=dict, decode=Counter))
add(
    defaultdict,
    Extension(kind="collections.defaultdict", encode=_default_parts, decode=_read_default),
)
add(
    deque,
    Extension(
        kind="collections.deque",
        encode=lambda value: [list(value), value.maxlen],
        decode=lambda parts: deque(parts[0], parts[1]),
    ),
)
add(
    Fraction,
    Extension(
        kind="fractions.Fraction",
        encode=lambda value: [value.numerator, value.denominator],
        decode=lambda parts: Fraction(*parts),
    ),
)
