"""Our own mistake, never the user's."""

from __future__ import annotations


class CompilerBug(Exception):  # noqa: N818 - a bug, not an error of the user
    """Something that no source text should be able to cause; the message says where."""
