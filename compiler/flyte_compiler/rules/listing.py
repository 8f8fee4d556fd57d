"""Names in a sentence: quoted, and joined by commas and an "and"."""

from __future__ import annotations

from collections.abc import Sequence


def quoted(names: Sequence[str]) -> str:
    """`a`, `b` and `c`."""
    return listed([f"`{name}`" for name in names])


def listed(words: Sequence[str]) -> str:
    """The words of a sentence; at least one."""
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def plural(count: int) -> str:
    """What stands behind a noun that is counted."""
    return "" if count == 1 else "s"
