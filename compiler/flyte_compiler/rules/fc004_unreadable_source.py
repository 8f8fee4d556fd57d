"""FC004: a file can't be read as source: it isn't text, or too large, or nested too deeply."""

from __future__ import annotations

from collections.abc import Iterator

from flyte_compiler.diagnostics.model import Diagnostic, Label, Rule, Severity
from flyte_compiler.rules.facts import Facts
from flyte_compiler.source.read import Unreadable
from flyte_compiler.source.span import Position, Span
from flyte_compiler.syntax.parse import SyntaxFault, TooDeep

RULE = Rule("FC004", "unreadable-source", Severity.ERROR)

_START = Position(1, 1)


def check(facts: Facts) -> Iterator[Diagnostic]:
    """One a file."""
    for fault in facts.faults:
        match fault:
            case Unreadable(path=path, reason=reason, position=position):
                place = position or _START
                yield _unreadable(Span(path=path, start=place, end=place), reason)
            case TooDeep(words=words, span=span):
                yield _unreadable(span, words)
            case SyntaxFault():
                pass  # FC001's


def _unreadable(span: Span, reason: str) -> Diagnostic:
    return Diagnostic(
        rule=RULE,
        severity=RULE.severity,
        message=f"`{span.path.name}` can't be read: {reason}",
        primary=Label(span, "reading stops here"),
    )
