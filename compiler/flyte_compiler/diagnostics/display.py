"""How wide text is on a terminal, and what may be shown there.

A tab goes to the next multiple of four; wide East Asian characters take two columns, combining
ones none; a control character is shown as its picture, so that no source text can drive the
reader's terminal.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

TAB = 4
_ELLIPSIS = "…"
_WIDE = frozenset({"W", "F"})
_NO_WIDTH = frozenset({"Mn", "Me", "Cf"})
_PICTURES = 0x2400
_DELETE = 0x7F


@dataclass(frozen=True, slots=True, kw_only=True)
class DisplayLine:
    """One line of source as shown, with the column at which each of its characters stands."""

    text: str
    columns: tuple[int, ...]
    """One per character of the source line, and one for its end; from 0."""

    def column(self, character: int) -> int:
        """Where a character (from 1, as in a `Position`) is shown; the end for any beyond."""
        return self.columns[min(character - 1, len(self.columns) - 1)]

    def cut(self, *, start: int, width: int) -> DisplayLine:
        """The columns from `start` on, `width` at most, an ellipsis for what is left out."""
        end = start + width
        lead = _ELLIPSIS if start else ""
        tail = _ELLIPSIS if self.columns[-1] > end else ""
        inside = _columns_between(self.text, start + len(lead), end - len(tail))
        moved = tuple(min(max(column - start, 0), width) for column in self.columns)
        return DisplayLine(text=lead + inside + tail, columns=moved)


def display_line(source: str) -> DisplayLine:
    """A line of source, without its line break, as a terminal shows it."""
    shown: list[str] = []
    columns = [0]
    for character in source:
        piece = " " * (TAB - columns[-1] % TAB) if character == "\t" else visible(character)
        shown.append(piece)
        columns.append(columns[-1] + display_width(piece))
    return DisplayLine(text="".join(shown), columns=tuple(columns))


def visible(text: str) -> str:
    """The text with each control character as its picture."""
    return "".join(_picture(character) for character in text)


def display_width(text: str) -> int:
    """Columns that a text without tabs takes."""
    if text.isascii():
        return len(text)
    return sum(_width(character) for character in text)


def _width(character: str) -> int:
    if unicodedata.category(character) in _NO_WIDTH:
        return 0
    return 2 if unicodedata.east_asian_width(character) in _WIDE else 1


def _picture(character: str) -> str:
    code = ord(character)
    if code < ord(" "):
        return chr(_PICTURES + code)
    if code == _DELETE:
        return chr(_PICTURES + ord("!"))
    # C1 controls, bidirectional overrides, and lone surrogates, which no output can encode.
    hidden = unicodedata.category(character) in {"Cc", "Cs"} or character in _BIDIRECTIONAL
    return "\N{REPLACEMENT CHARACTER}" if hidden else character


_BIDIRECTIONAL = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))
"""They reorder what the reader sees."""


def _columns_between(text: str, start: int, end: int) -> str:
    """The characters that stand wholly inside a range of columns; a wide one that is cut in two
    becomes a space."""
    kept: list[str] = []
    column = 0
    for character in text:
        width = _width(character)
        if start <= column and column + width <= end:
            kept.append(character)
        elif width > 1 and column < end and column + width > start:
            kept.append(" ")
        column += width
    return "".join(kept)
