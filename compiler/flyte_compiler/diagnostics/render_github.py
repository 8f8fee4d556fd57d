"""The rendering for GitHub Actions: a workflow command a diagnostic, which becomes an annotation.

`::error file=train.py,line=19,endLine=19,col=5,endColumn=26,title=FC203 unawaited-task::...`

An annotation is read alone, so its text says the cause and the cure too.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flyte_compiler.diagnostics.model import Diagnostic, Severity
from flyte_compiler.diagnostics.prose import prose
from flyte_compiler.diagnostics.repository import Repository
from flyte_compiler.source.span import Span

_COMMANDS: Mapping[Severity, str] = MappingProxyType(
    {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
)
_IN_TEXT = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_IN_PROPERTY = _IN_TEXT | str.maketrans({":": "%3A", ",": "%2C"})


def render_github(diagnostic: Diagnostic, repository: Repository) -> str:
    """One line, without its line break."""
    properties = _properties(diagnostic, repository)
    said = ",".join(f"{key}={value.translate(_IN_PROPERTY)}" for key, value in properties.items())
    text = prose(diagnostic).translate(_IN_TEXT)
    return _printable(f"::{_COMMANDS[diagnostic.severity]} {said}::{text}")


def _properties(diagnostic: Diagnostic, repository: Repository) -> dict[str, str]:
    span = diagnostic.primary.span
    return {
        "file": repository.name_of(span.path) or str(span.path),
        **_place(span),
        "title": f"{diagnostic.rule.code} {diagnostic.rule.name}",
    }


def _place(span: Span) -> dict[str, str]:
    """Columns are only understood within one line."""
    start, end = span.start, span.end
    lines = {"line": str(start.line), "endLine": str(end.line)}
    if start.line != end.line:
        return lines
    return lines | {"col": str(start.column), "endColumn": str(end.column)}


def _printable(line: str) -> str:
    """A lone surrogate, from a file's name, can't be written anywhere."""
    return line.encode(errors="replace").decode()
