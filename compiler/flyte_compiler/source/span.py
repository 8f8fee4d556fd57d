"""Places in source text.

A `Position` is what a person reads: line and column, both from 1, columns counted in
characters. A `Span` is half-open: `end` is the position after its last character.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple


class Position(NamedTuple):
    """A line and a column, both from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Span:
    """A half-open range of one file, ordered by file and place."""

    path: Path
    """As the user named it, relative where they did: it is shown, never opened."""
    start: Position
    end: Position

    def __str__(self) -> str:
        return f"{self.path}:{self.start.line}:{self.start.column}"
