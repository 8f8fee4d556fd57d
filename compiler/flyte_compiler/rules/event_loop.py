"""Which bodies run on the event loop of an async driver: what blocks there stalls its children.

Compiled tasks are none of them: their graph is run, not their body.
"""

from __future__ import annotations

from collections.abc import Mapping

from flyte_compiler.callgraph.model import CallGraph, Definition, Kind
from flyte_compiler.rules.in_place import runs_in_place


def on_event_loop(graph: CallGraph) -> Mapping[str, Definition]:
    """The bodies that run on an event loop, by key, each with the task that runs it there.

    An async helper does whoever calls it; a plain one where its caller does. What a lambda calls
    may run on a thread.
    """
    drivers = [each for each in graph.definitions if each.kind is Kind.TASK]
    found = {each.key: each for each in drivers if _is_async(each)}
    waiting = [(each, each, _is_async(each)) for each in drivers]
    seen = {(each.key, is_inside) for each, _, is_inside in waiting}
    for body, driver, is_inside in waiting:  # grows while it is read
        for site in graph.calls_of(body):
            callee = site.callee
            if not runs_in_place(site):
                continue
            stays_inside = is_inside and not site.surroundings.is_deferred
            state = (callee.key, stays_inside or _is_async(callee))
            if state not in seen:
                seen.add(state)
                waiting.append((callee, driver, state[1]))
                if state[1]:
                    found.setdefault(callee.key, driver)
    return found


def _is_async(definition: Definition) -> bool:
    return definition.function.signature.is_async
