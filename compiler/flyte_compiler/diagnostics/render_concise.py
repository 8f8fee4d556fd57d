"""The rendering for editors and logs: one clickable line a diagnostic."""

from __future__ import annotations

from flyte_compiler.diagnostics.display import visible
from flyte_compiler.diagnostics.model import Diagnostic


def render_concise(diagnostic: Diagnostic) -> str:
    """`path:line:column: error[FC301] message`."""
    place = visible(str(diagnostic.primary.span))
    word = f"{diagnostic.severity.value}[{diagnostic.rule.code}]"
    return f"{place}: {word} {visible(diagnostic.message)}"
