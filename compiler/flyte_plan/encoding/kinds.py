"""What both directions of the encoding agree on: the tags, and what needs none."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum

PLAIN = frozenset({type(None), bool, int, float, str, bytes})
"""Exact types that CBOR has: written as they are."""

MAX_DEPTH = 128
"""How deep containers may stand in each other. A level costs at most three of the 400 that
the CBOR library reads."""

ModuleName = Callable[[str], str]
"""The name under which a class's module is written: `__main__` has another one elsewhere."""

Foreign = Callable[[object], tuple[str, object] | None]
"""Asked for each value that isn't of a built-in type, before its class is looked at: a kind of
the caller's own and an encodable value that stands for it; None to go on without."""


class Kind(IntEnum):
    """CBOR tags, from a range that nobody registered. A number is never given a new meaning."""

    TEXT = 60000
    """A str with lone surrogates, as bytes."""
    TUPLE = 60001
    SET = 60002
    FROZENSET = 60003
    MAPPING = 60004
    """A dict whose keys aren't all text: key, value, key, value, …"""
    BYTEARRAY = 60005
    COMPLEX = 60006
    RANGE = 60007
    DATE = 60008
    TIME = 60009
    DATETIME = 60010
    TIMEDELTA = 60011
    OFFSET = 60012
    """A `datetime.timezone`."""
    ZONE = 60013
    """A `zoneinfo.ZoneInfo`."""
    DECIMAL = 60014
    UUID = 60015
    PATH = 60016
    ENUM = 60017
    FLAG = 60018
    NAMED_TUPLE = 60019
    DATACLASS = 60020
    MODEL = 60021
    """A pydantic model."""
    UNSET = 60022
    """The value of a field that has none."""
    FOREIGN = 60023


class UnencodableError(TypeError):
    """A value has no encoding; `where` leads to it from the whole, outermost part first."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self._inwards: list[str] = []

    @property
    def where(self) -> str:
        """`[2].weights`; empty for the value itself."""
        return "".join(reversed(self._inwards))

    def inside(self, part: str) -> UnencodableError:
        """The same error, seen from the container whose `part` it is about."""
        self._inwards.append(part)
        return self

    def __str__(self) -> str:
        shown = self._inwards[::-1]
        if len(shown) > 8:  # Only a value that is too deep has a path this long.
            shown = [*shown[:4], "…", *shown[-2:]]
        return f"{self.reason}, in `{''.join(shown)}`" if shown else self.reason


def type_name(cls: type) -> str:
    """How a message names a class."""
    if cls.__module__ == "builtins":
        return cls.__qualname__
    return f"{cls.__module__}.{cls.__qualname__}"
