"""Whether a stream gets colour."""

from __future__ import annotations

import os

from flyte_compiler.diagnostics.paint import Paint, coloured, plain


def paint_for(stream: object) -> Paint:
    """Colour on a terminal that has any, unless `NO_COLOR` is set; anywhere where `FORCE_COLOR`
    is."""
    return coloured if _is_coloured(stream) else plain


def _is_coloured(stream: object) -> bool:
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    is_terminal: bool = getattr(stream, "isatty", bool)()
    return is_terminal and os.environ.get("TERM") != "dumb"
