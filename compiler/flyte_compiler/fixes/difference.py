"""What fixes would change, as a patch: `patch -p0` and `git apply -p0` read it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from pathlib import Path

_LINES = re.compile(r"[^\n]*\n|[^\n]+")
_NO_END = "\\ No newline at end of file\n"


def unified(path: Path, before: str, after: str) -> Iterator[str]:
    """The lines of a unified difference, each with its line break; none for equal texts."""
    name = path.as_posix()
    # Only `\n` ends a line of a patch: `str.splitlines` would cut at form feeds too.
    lines = difflib.unified_diff(_LINES.findall(before), _LINES.findall(after), name, name)
    for line in lines:
        yield line if line.endswith("\n") else f"{line}\n{_NO_END}"
