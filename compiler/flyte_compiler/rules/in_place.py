"""What a body runs as a part of itself: its own calls, and those of the helpers that it calls."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flyte_compiler.callgraph.model import CallGraph, CallSite, Definition, Form, Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """A call that a body runs, and the calls of helpers that lead to it, outermost first."""

    site: CallSite
    through: tuple[CallSite, ...]


def reached_in_place(graph: CallGraph, root: Definition) -> Iterator[Reached]:
    """The calls of tasks and traces that a body runs in place, nearest ones first; a helper's
    calls once, however many ways lead to it."""
    waiting: list[tuple[Definition, tuple[CallSite, ...]]] = [(root, ())]
    seen = {root.key}
    for body, through in waiting:  # grows while it is read
        for site in graph.calls_of(body):
            if not runs_in_place(site):
                yield Reached(site=site, through=through)
            elif site.callee.key not in seen:
                seen.add(site.callee.key)
                waiting.append((site.callee, (*through, site)))


def runs_in_place(site: CallSite) -> bool:
    """Whether a call runs the callee's body as a part of the caller's."""
    return site.callee.kind is Kind.HELPER or site.form is Form.FORWARD


def calls_task(site: CallSite) -> bool:
    """Whether a call makes an action of a task in the caller's own run."""
    is_own_run = site.form not in (Form.RUN, Form.FORWARD)
    return site.callee.is_task and is_own_run
