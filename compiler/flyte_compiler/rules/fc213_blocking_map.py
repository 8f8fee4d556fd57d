"""FC213: `flyte.map` is iterated over on an async driver's event loop, without `.aio`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flyte_compiler.callgraph.model import Definition, LibraryCall
from flyte_compiler.diagnostics.model import Diagnostic, Edit, Fix, Label, Rule, Severity
from flyte_compiler.rules.event_loop import on_event_loop
from flyte_compiler.rules.facts import Facts
from flyte_compiler.rules.fc204_unconsumed_map import is_unconsumed

RULE = Rule("FC213", "blocking-map", Severity.WARNING)

_LOOP = re.compile(r"\bfor\b(?:(?!\b(?:for|in)\b)[^#])+\bin\s+$")
"""The text of a loop or of a comprehension up to what it iterates over."""
_LIST = re.compile(r"(?<![\w.])list\(\s*$")


def check(facts: Facts) -> Iterator[Diagnostic]:
    """One a map that is consumed; one that isn't is FC204's."""
    inside = on_event_loop(facts.call_graph)
    for call in facts.call_graph.library_calls:
        driver = None if call.caller is None else inside.get(call.caller.key)
        is_certain = not call.surroundings.is_deferred
        if call.name == "map" and driver and is_certain and not is_unconsumed(call):
            yield _blocking(call, driver, facts)


def _blocking(call: LibraryCall, driver: Definition, facts: Facts) -> Diagnostic:
    edits = _edits(call, facts) if call.surroundings.can_await else ()
    cure = "iterate with `async for` over `flyte.map.aio(...)`"
    return Diagnostic(
        rule=RULE,
        severity=RULE.severity,
        message=f"`flyte.map` is called in the async driver `{driver.name}` without `.aio`",
        primary=Label(call.span, "the event loop stands still until the map is done"),
        labels=()
        if call.caller is driver
        else (Label(driver.function.name_span, "the async driver"),),
        notes=("upstream's SDK gives an error in place of each result here",),
        helps=(cure,),
        fix=Fix(title=cure, edits=edits, safe=True) if edits else None,
    )


def _edits(call: LibraryCall, facts: Facts) -> tuple[Edit, ...]:
    """Of `for x in flyte.map(...)` and of `list(flyte.map(...))`; none of other shapes."""
    source = facts.call_graph.modules[call.module].source
    start, end = source.offset(call.span.start), source.offset(call.span.end)
    callee = source.offset(call.callee_span.end)
    aio = Edit(source.span(callee, callee), ".aio")
    before, after = source.text[:start], source.text[end:]
    if loop := _LOOP.search(before[-_FAR:]):
        place = start - len(loop[0])
        return (Edit(source.span(place, place), "async "), aio)
    closing = end + len(after) - len(after.lstrip())
    if (opened := _LIST.search(before)) and source.text.startswith(")", closing):
        opening = source.span(opened.start(), start)
        return (
            Edit(opening, "[each async for each in "),
            aio,
            Edit(source.span(end, closing + 1), "]"),
        )
    return ()


_FAR = 400
"""Characters between a `for` and what it iterates over: more is not looked through."""
