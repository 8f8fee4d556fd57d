"""Every rewrite, in order, on a graph that was verified, and is again at the end."""

from __future__ import annotations

from collections.abc import Mapping

from flyte_compiler.ir.model import TaskGraph
from flyte_compiler.ir.rewrites.kinds import find_kinds, mark_kinds
from flyte_compiler.ir.rewrites.maps import make_maps
from flyte_compiler.ir.verify import verify


def rewrite(graph: TaskGraph, sources: Mapping[str, str]) -> TaskGraph:
    """A graph with its fragments' kinds, and with its maps; `sources` are modules' texts.

    Raises:
        CompilerBug: a rewrite left a graph that is not well-formed.
    """
    found = find_kinds(graph, sources)
    marked = mark_kinds(graph, found)  # changes no more than kinds: nothing to verify
    mapped = make_maps(marked, found)
    verify(mapped)
    return mapped
