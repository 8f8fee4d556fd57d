"""Labels in the layout engine's own subset of HTML.

The engine has no widths for characters beyond Latin: a cell that holds some says its own width.
"""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from flyte_compiler.emit.style import MONO, SANS

_BRACKETS = str.maketrans({"[": "&#91;", "]": "&#93;"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a label."""

    text: str
    points: int
    colour: str
    face: Literal["sans", "bold", "code"] = "sans"


def label(rows: Iterable[Row]) -> str:
    """A table with one row for each line; what the `graphviz` package takes for HTML."""
    cells = "".join(f"<TR>{cell(row)}</TR>" for row in rows)
    return f'<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="1">{cells}</TABLE>>'


def cell(*rows: Row, align: Literal["LEFT", "CENTER"] = "LEFT", attributes: str = "") -> str:
    """One cell; several rows stand side by side in it."""
    ascii_only = all(row.text.isascii() for row in rows)
    width = "" if ascii_only else f' WIDTH="{sum(map(_width, rows)):.0f}"'
    return f'<TD ALIGN="{align}"{width}{attributes}>{"".join(map(_font, rows))}</TD>'


def _font(row: Row) -> str:
    face = MONO if row.face == "code" else SANS
    text = escape(row.text)
    text = f"<B>{text}</B>" if row.face == "bold" else text
    return f'<FONT FACE="{face}" POINT-SIZE="{row.points}" COLOR="{row.colour}">{text}</FONT>'


def plain(text: str) -> str:
    """Text without what neither XML nor DOT can write."""
    return "".join("�" if _unprintable(character) else character for character in text)


def escape(text: str) -> str:
    """For an HTML label: markup, brackets (a `]` can end a label early), backslashes (`\\N` is the
    node's name) and control characters, which XML has no way to write. Spaces are kept."""
    escaped = html.escape(plain(text)).translate(_BRACKETS).replace("\\", "\\" * 2)
    return escaped.replace("  ", "&#160;&#160;") or "&#160;"


def tooltip(text: str) -> str:
    """For a plain attribute, on one line. The engine resolves entities there, and backslashes
    twice."""
    return html.escape(plain(" ".join(text.split()))).replace("\\", "\\" * 4)


def _unprintable(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cs", "Cn")


def _width(row: Row) -> float:
    em = {"sans": 0.56, "bold": 0.6, "code": 0.6}[row.face]
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in row.text)
    return ((len(row.text) - wide) * em + wide) * row.points
