"""What the encoding doesn't build in: a stand-in that it can write, for each value of a type.

A type is known by itself alone, not by its bases: a subclass may hold more than its base's
encoding keeps. Modules of other libraries' types are loaded when the first such value comes.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flyte_plan.encoding import DecodeError

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """How values of one type are written."""

    kind: str
    """The name that stands in what is written; the same in every process."""
    encode: Callable[[Any], object]
    """A value that has an encoding, and from which `decode` makes an equal value. None where
    this value can't be written so, though others of its type can."""
    decode: Callable[[Any], object]
    identify: Callable[[Any], object] | None = None
    """What tells one value from another, where that is less than what is written."""


_by_type: dict[type, Extension] = {}
_by_kind: dict[str, Extension] = {}
_unknown: set[type] = set()
BUILT_IN: set[type] = set()
"""Classes whose instances the encoding itself takes apart; kept by who asks it."""

_HOMES = {
    "collections": "flyte._types.standard",
    "fractions": "flyte._types.standard",
    "flyte": "flyte.io",
    "numpy": "flyte._types.arrays",
    "pandas": "flyte._types.frames",
    "polars": "flyte._types.frames",
    "pyarrow": "flyte._types.frames",
}
"""Which module of ours knows the types of a library; by its top-level name."""
_FRAME_LIBRARIES = frozenset(library for library, home in _HOMES.items() if "frames" in home)
"""One module knows several of them, each of which needn't be there."""
_known_frames: set[str] = set()


def add(cls: type, extension: Extension) -> None:
    """Make values of `cls` known; the last one told counts."""
    _by_type[cls] = extension
    _by_kind[extension.kind] = extension
    _unknown.discard(cls)
    BUILT_IN.discard(cls)


def extension_of(cls: type) -> Extension | None:
    """How values of exactly `cls` are written; None where nobody said."""
    found = _by_type.get(cls)
    if found is not None or cls in _unknown:
        return found
    _load_home(cls.__module__)
    found = _by_type.get(cls)
    if found is None:
        _unknown.add(cls)
    return found


def restore(kind: str, stand_in: object) -> object:
    """The value that a stand-in was written for.

    Raises:
        DecodeError: nobody registered that kind, or its `decode` fails.
    """
    if kind not in _by_kind:
        _load_home(kind)
    found = _by_kind.get(kind)
    if found is None:
        raise DecodeError(
            f"no type is registered as `{kind}`: call `flyte.types.register` where the type is "
            "defined, before its values are read"
        )
    try:
        return found.decode(stand_in)
    except DecodeError:
        raise
    except Exception as error:  # a user's own decoder may raise anything
        raise DecodeError(f"a `{kind}` can't be read: {error}") from error


def _load_home(name: str) -> None:
    library = name.partition(".")[0]
    home = _HOMES.get(library)
    if home is None:
        return
    module = importlib.import_module(home)
    if library in _FRAME_LIBRARIES and library not in _known_frames:
        module.know(library)
        _known_frames.add(library)
