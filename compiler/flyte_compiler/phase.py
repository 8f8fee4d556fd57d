"""The phases that have a text form: what `--print` and `--stop-after` name."""

from __future__ import annotations

from enum import Enum


class Phase(Enum):
    """A phase that has a text form; the order is that of the compiler."""

    INDEX = "index"
    CALL_GRAPH = "callgraph"
    GRAPH = "graph"
    TYPES = "types"
    PLAN = "plan"

    def includes(self, other: Phase) -> bool:
        """Whether this phase comes after another, or is it."""
        phases = list(Phase)
        return phases.index(self) >= phases.index(other)
