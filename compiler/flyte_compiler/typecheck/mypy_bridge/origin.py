"""What a `Type` of this oracle's remembers: mypy's own type, and which build it is of."""

from __future__ import annotations

from dataclasses import dataclass

from mypy.types import Type as MypyType


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """mypy's classes are objects of one build: types of two can't be compared."""

    type: MypyType
    build: object
