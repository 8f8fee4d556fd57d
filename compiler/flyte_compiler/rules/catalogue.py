"""Which rules there are, by the names of their files: known without importing any of them.

So `flyte-compile explain` and the check of `--select` start no phase of the compiler.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent
_STEM = re.compile(r"(?P<code>fc\d{3})_(?P<name>\w+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One rule of the catalogue."""

    code: str
    name: str
    stem: str
    """Of its two files: `fc302_argument_count`."""

    @property
    def page(self) -> Path:
        """The page that `explain` prints."""
        return _FOLDER / f"{self.stem}.md"


@cache
def catalogue() -> tuple[Entry, ...]:
    """Every rule, by code."""
    stems = sorted(path.stem for path in _FOLDER.glob("fc*.py"))
    return tuple(_entry(stem) for stem in stems)


def _entry(stem: str) -> Entry:
    found = _STEM.fullmatch(stem)
    if found is None:
        raise ValueError(f"`{stem}.py` is no rule's file name: write `fc302_argument_count.py`")
    name = found["name"].replace("_", "-")
    return Entry(code=found["code"].upper(), name=name, stem=stem)
