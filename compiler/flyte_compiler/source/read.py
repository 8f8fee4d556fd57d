"""From a file to text: PEP 263, byte order marks, and clear words for what isn't text.

Line breaks stay as they are, so that offsets into the text are offsets that an editor shows. A
byte order mark is no character of the text.
"""

from __future__ import annotations

import io
import os
import stat
import tokenize
from dataclasses import dataclass
from pathlib import Path

from flyte_compiler.source.span import Position
from flyte_compiler.source.text import SourceFile

LARGEST = 10 * 1024 * 1024
"""Bytes. Written by people, the largest sources are a tenth of it; the rest is generated data."""

_START = Position(1, 1)
_NOT_LISTED = "no permission to list the folder"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A file that has no text for us, and why."""

    path: Path
    """As shown to the user."""
    reason: str
    position: Position | None = None
    """Where in the file, if anywhere."""


def read_source(path: Path, *, module: str, shown: Path) -> SourceFile | Unreadable:
    """Read `path` as Python would; `shown` is how diagnostics name it."""
    try:
        if not _is_text_on_disk(path):
            return Unreadable(path=shown, reason="not a regular file")
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:  # ValueError: a path that holds a NUL
        reason = _NOT_LISTED if _is_closed_folder(path) else _why_unopened(error)
        return Unreadable(path=shown, reason=reason)
    return decode_source(raw, module=module, shown=shown)


def decode_source(raw: bytes, *, module: str, shown: Path) -> SourceFile | Unreadable:
    """The text of a file's bytes."""
    if len(raw) > LARGEST:
        reason = f"larger than {LARGEST // 1024 // 1024} MB, the most that is read"
        return Unreadable(path=shown, reason=reason)
    if (nul := raw.find(b"\0")) >= 0:
        place = _place_of(raw[:nul])
        return Unreadable(path=shown, reason="holds a NUL byte: not Python source", position=place)
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(raw).readline)
    except SyntaxError as error:
        return Unreadable(path=shown, reason=_why_unknown_encoding(error), position=_START)
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        reason = f"not {encoding} text: {error.reason} at byte {error.start}"
        return Unreadable(path=shown, reason=reason, position=_place_of(raw[: error.start]))
    except (LookupError, ValueError, AttributeError) as error:  # a codec of bytes to bytes
        reason = f"cannot be decoded as `{encoding}`: {error}"
        return Unreadable(path=shown, reason=reason, position=_START)
    return SourceFile(path=shown, module=module, text=text)


def _is_text_on_disk(path: Path) -> bool:
    """Nobody may ever write to a pipe, and a device may never end. A folder says so when it is
    opened."""
    mode = path.stat().st_mode
    return stat.S_ISREG(mode) or stat.S_ISDIR(mode)


def _is_closed_folder(path: Path) -> bool:
    return os.path.isdir(path) and not os.access(path, os.R_OK | os.X_OK)  # noqa: PTH112 - never raises


def _why_unopened(error: OSError | ValueError) -> str:
    match error:
        case FileNotFoundError():
            return "no such file"
        case IsADirectoryError():
            return "a directory, not a file"
        case PermissionError():
            return "no permission to read it"
        case OSError(strerror=str(words)):
            return words[:1].lower() + words[1:]
        case _:
            return str(error)


def _why_unknown_encoding(error: SyntaxError) -> str:
    """`detect_encoding` raises for an unknown name, for one that contradicts a byte order mark,
    and for a first line that isn't UTF-8."""
    words = str(error.msg)
    if words.startswith("unknown encoding"):
        return f"unknown encoding `{words.rpartition(':')[2].strip()}`"
    if words.startswith("encoding problem"):
        return "its byte order mark says UTF-8, its coding comment says another encoding"
    return "not utf-8 text, and no coding comment says what else it is"


def _place_of(before: bytes) -> Position:
    """The position after some bytes, counting what isn't UTF-8 as one character each."""
    text = before.decode("utf-8-sig", errors="replace")
    source = SourceFile(path=Path(), module="", text=text)
    return source.position(len(text))
