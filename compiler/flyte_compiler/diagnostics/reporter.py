"""What is reported, of all that was found: wanted, not silenced, each fault once, in order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from flyte_compiler.diagnostics.model import Diagnostic, Severity
from flyte_compiler.diagnostics.select import Selection
from flyte_compiler.diagnostics.suppress import Suppression, find_suppressions
from flyte_compiler.source.text import SourceFile


def report(
    found: Iterable[Diagnostic],
    sources: Mapping[Path, SourceFile],
    selection: Selection,
) -> tuple[Diagnostic, ...]:
    """By file, position and code; without what is ignored, on the command line or in comments."""
    wanted = [each for each in found if selection.wants(each.rule)]
    suppressions = {path: find_suppressions(source) for path, source in sources.items()}
    once = {
        _identity(each): each
        for each in reversed(wanted)
        if not _is_silenced(each, suppressions.get(each.primary.span.path, ()))
    }
    return tuple(sorted(once.values(), key=lambda each: each.sort_key))


def _identity(diagnostic: Diagnostic) -> tuple[object, ...]:
    """One rule says one thing about one place, however many ways led to it."""
    return (diagnostic.rule.code, diagnostic.primary.span, diagnostic.message)


def _is_silenced(diagnostic: Diagnostic, suppressions: Iterable[Suppression]) -> bool:
    line = diagnostic.primary.span.start.line
    return any(each.silences(diagnostic.rule, line) for each in suppressions)


def warnings_as_errors(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The same, warnings raised to errors."""
    return tuple(
        replace(each, severity=Severity.ERROR) if each.severity is Severity.WARNING else each
        for each in diagnostics
    )
