"""Where nodes stand: one pass over the tree, offsets for those that are asked for."""

from __future__ import annotations


class Positions:
    """Placeholder replaced by the syntax phase."""
