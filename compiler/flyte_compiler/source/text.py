"""One source file in memory, with its positions."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from flyte_compiler.source.span import Position, Span

_LINE_BREAK = re.compile(r"\r\n|\n|\r")
"""What ends a line of Python. `str.splitlines` knows more, form feeds among them, and would count
lines that no editor and no tokenizer counts."""


def is_text(value: str) -> bool:
    """Whether a string has no lone surrogates: those of a literal, or of a file's name, can't be
    written to any file."""
    return value.isascii() or value.encode(errors="ignore").decode() == value


@dataclass(frozen=True, kw_only=True)
class SourceFile:
    """Decoded text of one module.

    `path` is shown in diagnostics; `module` is the dotted name that the program's own
    imports would use (`a.b` for `a/b.py`), whatever file the user named first.
    """

    path: Path
    module: str
    text: str = field(repr=False)

    @cached_property
    def line_starts(self) -> tuple[int, ...]:
        """Offset of the first character of each line."""
        return (0, *(found.end() for found in _LINE_BREAK.finditer(self.text)))

    def position(self, offset: int) -> Position:
        """The position of a character offset."""
        line = bisect_right(self.line_starts, offset)
        return Position(line, offset - self.line_starts[line - 1] + 1)

    def offset(self, position: Position) -> int:
        """The character offset of a position."""
        return self.line_starts[position.line - 1] + position.column - 1

    def span(self, start: int, end: int) -> Span:
        """The span of a half-open range of character offsets."""
        return Span(path=self.path, start=self.position(start), end=self.position(end))

    def slice(self, span: Span) -> str:
        """The text of a span."""
        return self.text[self.offset(span.start) : self.offset(span.end)]

    def line(self, number: int) -> str:
        """The text of a line, without its line break; empty past the last one."""
        starts = self.line_starts
        if number > len(starts):
            return ""
        end = starts[number] if number < len(starts) else len(self.text)
        return self.text[starts[number - 1] : end].rstrip("\r\n")
