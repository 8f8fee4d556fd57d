"""One text for expressions that differ in layout alone."""

from __future__ import annotations

import ast
import warnings
from functools import lru_cache


@lru_cache(maxsize=4096)
def normalised(text: str) -> str:
    """An expression without its comments, line breaks and choice of quotes.

    What this Python can't parse, a newer one's syntax, stays as it is.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about the user's text, whose own Python says it better
        try:
            return ast.unparse(ast.parse(f"(\n{text}\n)", mode="eval"))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return text
