"""Writing the keyword that was meant into a call that stands."""

from __future__ import annotations

from collections.abc import Sequence

from flyte_compiler.callgraph.model import CallSite
from flyte_compiler.diagnostics.model import Edit, Fix
from flyte_compiler.diagnostics.near import nearest
from flyte_compiler.rules.binding import Mismatch, keyword_span
from flyte_compiler.rules.listing import quoted
from flyte_compiler.source.text import SourceFile


def renamed(site: CallSite, found: Mismatch, source: SourceFile) -> Fix | None:
    """Other keywords, where each has a near one of its own and nothing else is wrong."""
    near = [
        name for each in found.unknown if (name := nearest(each.keyword or "", free_names(site)))
    ]
    is_sure = len(near) == len(found.unknown) == len(set(near)) > 0
    is_whole = not (found.duplicate or found.surplus)
    if not (is_sure and is_whole and {each.name for each in found.missing} <= set(near)):
        return None
    edits = []
    for argument, name in zip(found.unknown, near, strict=True):
        span = keyword_span(argument, source)
        if source.slice(span) != argument.keyword:
            return None
        edits.append(Edit(span, name))
    return Fix(title=f"write {quoted(near)}", edits=tuple(edits), safe=True)


def free_names(site: CallSite) -> Sequence[str]:
    """The parameters that no keyword of the call names."""
    given = {argument.keyword for argument in site.arguments}
    parameters = site.callee.function.signature.parameters
    return [each.name for each in parameters if each.name not in given]
