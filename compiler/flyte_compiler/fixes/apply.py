"""The text of a file with edits put in."""

from __future__ import annotations

import re
from collections.abc import Iterable

from flyte_compiler.diagnostics.model import Edit
from flyte_compiler.source.text import SourceFile

_LINE_BREAK = re.compile(r"\r\n|\n|\r")


def apply_edits(source: SourceFile, edits: Iterable[Edit]) -> str:
    """The new text. What is put in gets the line breaks of the file.

    No two edits overlap, and every span lies in the text.
    """
    text, line_break = source.text, _line_break_of(source.text)
    for edit in sorted(edits, key=lambda edit: edit.span, reverse=True):
        start, end = source.offset(edit.span.start), source.offset(edit.span.end)
        text = text[:start] + _LINE_BREAK.sub(line_break, edit.replacement) + text[end:]
    return text


def _line_break_of(text: str) -> str:
    """The first one: files that mix them are rare."""
    found = _LINE_BREAK.search(text)
    return found[0] if found else "\n"
