"""What a file held when it was looked at, in one word: to tell whether it is still the same."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

ABSENT = "absent"
_PARTLY_HASHED = 64 * 1024 * 1024
"""Bytes. Generated text beyond it is known by its size and time alone."""


def fingerprint(path: Path) -> str:
    """Equal for equal contents; says instead what is there where that is no file to be read.

    A pipe or a device is never opened.
    """
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            return "folder"
        if not stat.S_ISREG(found.st_mode):
            return "not a regular file"
        if found.st_size > _PARTLY_HASHED:
            return f"large {found.st_size} {found.st_mtime_ns}"
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except (FileNotFoundError, NotADirectoryError):
        return ABSENT
    except (OSError, ValueError) as error:  # no permission, a loop of links, a NUL in the path
        code = getattr(error, "errno", None)
        return f"unreadable {os.strerror(code) if code else error}"
