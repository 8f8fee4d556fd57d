"""A file's new text, in place of its old one: whole or not at all.

Its encoding, byte order mark and permissions stay; where its name is a link, the file that it leads
to is replaced.
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import tempfile
import tokenize
from pathlib import Path

from flyte_compiler.source.read import decode_source
from flyte_compiler.source.text import SourceFile


class Refused(Exception):  # noqa: N818 - an answer, not a mistake
    """The file is left as it was; the message says why."""


def replace_text(path: Path, before: SourceFile, after: str) -> None:
    """Write `after` to a file that still holds `before`.

    Raises:
        Refused: it holds something else by now, can't be written, or the new text has characters
            that its encoding lacks.
    """
    try:
        file = Path(os.path.realpath(path))
        raw = file.read_bytes()
        _refuse_changed(raw, before)
        if not os.access(file, os.W_OK):  # renaming would replace it all the same
            raise Refused("it is write-protected")
        _replace(file, _encoded(raw, after))
    except OSError as error:
        raise Refused(f"it can't be written: {error.strerror or error}") from None


def _refuse_changed(raw: bytes, before: SourceFile) -> None:
    now = decode_source(raw, module=before.module, shown=before.path)
    if not isinstance(now, SourceFile) or now.text != before.text:
        raise Refused("it changed since it was checked")


def _encoded(raw: bytes, text: str) -> bytes:
    encoding, _ = tokenize.detect_encoding(io.BytesIO(raw).readline)  # `utf-8-sig` keeps the mark
    try:
        return text.encode(encoding)
    except UnicodeEncodeError as error:
        lacking = error.object[error.start : error.end]
        raise Refused(f"its encoding, {encoding}, has no `{lacking}`") from None


def _replace(file: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.", suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        _copy_owner_and_mode(file, part)
        part.replace(file)
    except BaseException:  # Ctrl-C too
        part.unlink(missing_ok=True)
        raise


def _copy_owner_and_mode(file: Path, part: Path) -> None:
    found = file.stat()
    with contextlib.suppress(PermissionError, AttributeError):  # not an administrator; Windows
        os.chown(part, found.st_uid, found.st_gid)
    shutil.copymode(file, part)
