"""Writing `await` and `.aio` into a call that stands, so that layout and comments stay."""

from __future__ import annotations

from flyte_compiler.callgraph.model import CallSite
from flyte_compiler.diagnostics.model import Edit
from flyte_compiler.rules.facts import Facts
from flyte_compiler.source.span import Position, Span

_TRAILERS = (".", "[", "(")
_SHORT = 60


def awaited(site: CallSite, facts: Facts, *, with_aio: bool = False) -> tuple[Edit, ...]:
    """The edits that await a call; none where `await` can't stand there."""
    if not site.surroundings.can_await:
        return ()
    index = facts.call_graph.modules[site.module]
    after = index.source.text[index.source.offset(site.span.end) :].lstrip(" \t")
    is_part = after.startswith(_TRAILERS)  # `await` binds less than what follows
    opening = Edit(_at(site.span, site.span.start), "(await " if is_part else "await ")
    callee_end = index.positions.span(site.tree.func).end
    aio = (Edit(_at(site.span, callee_end), ".aio"),) if with_aio else ()
    closing = (Edit(_at(site.span, site.span.end), ")"),) if is_part else ()
    return (opening, *aio, *closing)


def written(site: CallSite, facts: Facts, *, suffix: str = "") -> str:
    """The call as it stands, where it is short, with a suffix behind what it calls."""
    index = facts.call_graph.modules[site.module]
    text = index.source.slice(site.span)
    if len(text) > _SHORT or "\n" in text:
        return f"{site.callee.function.short_name}{suffix}(...)"
    name = index.positions.text(site.tree.func)
    return f"{name}{suffix}{text.removeprefix(name)}"


def _at(span: Span, place: Position) -> Span:
    return Span(path=span.path, start=place, end=place)
