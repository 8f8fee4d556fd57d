"""How a region was left, as a value."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any


class Unbound:
    """The type of the mark on a variable that has no value."""

    def __repr__(self) -> str:
        return "UNBOUND"


UNBOUND = Unbound()


class Outputs(dict[str, object]):
    """Variables by name, and `VALUE`: what a region yields, and what its node then gives."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Continued:
    """Go on with the next turn of the loop around."""

    variables: Outputs


@dataclass(frozen=True, slots=True)
class Broken:
    """Leave the loop around."""

    variables: Outputs


@dataclass(frozen=True, slots=True)
class Returned:
    """Leave the body with a result."""

    value: object


Leaving = Continued | Broken | Returned
Exit = Outputs | Leaving


@dataclass(frozen=True, slots=True)
class Waiting:
    """A node's value, or its left, is what this gives: to be awaited by the node's region."""

    awaitable: Awaitable[Any]
