"""FC204: a `flyte.map(...)` that nobody iterates over: no task of it runs."""

from __future__ import annotations

from collections.abc import Iterator

from flyte_compiler.callgraph.model import LibraryCall, Use
from flyte_compiler.diagnostics.model import Diagnostic, Label, Rule, Severity
from flyte_compiler.rules.facts import Facts

RULE = Rule("FC204", "unconsumed-map", Severity.ERROR)

MAPS = frozenset({"map", "map.aio"})


def is_unconsumed(call: LibraryCall) -> bool:
    """Whether a map is dropped, or kept in a name that nobody reads."""
    if call.use is Use.KEPT:
        return not call.escapes
    return call.use is Use.DISCARDED and call.surroundings.is_dropped


def check(facts: Facts) -> Iterator[Diagnostic]:
    """One a map."""
    for call in facts.call_graph.library_calls:
        if call.name in MAPS and is_unconsumed(call):
            yield _unconsumed(call)


def _unconsumed(call: LibraryCall) -> Diagnostic:
    mapped = call.arguments[0].text if call.arguments else ""
    over = f" of `{mapped}`" if mapped.isidentifier() else ""
    place = "dropped here" if call.kept_as is None else f"kept in `{call.kept_as}` and never read"
    loop = (
        f"[each async for each in flyte.{call.name}(...)]"
        if call.name == "map.aio"
        else f"list(flyte.{call.name}(...))"
    )
    return Diagnostic(
        rule=RULE,
        severity=RULE.severity,
        message=f"the map{over} is never consumed, so nothing runs",
        primary=Label(call.span, f"an iterator, {place}"),
        helps=(f"iterate over it: write `{loop}`",),
    )
