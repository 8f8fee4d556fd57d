"""The nearest of some names, for "did you mean"."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

_ALIKE = 0.6


def nearest(word: str, names: Iterable[str]) -> str | None:
    """The name that is most like a word, letter case aside; None where none is near."""
    by_case = {name.lower(): name for name in names}
    near = difflib.get_close_matches(word.lower(), by_case, n=1, cutoff=_ALIKE)
    return by_case[near[0]] if near else None
