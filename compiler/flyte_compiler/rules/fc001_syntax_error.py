"""FC001: a file isn't Python."""

from __future__ import annotations

from collections.abc import Iterator

from flyte_compiler.diagnostics.model import Diagnostic, Label, Rule, Severity
from flyte_compiler.rules.facts import Facts
from flyte_compiler.syntax.parse import SyntaxFault

RULE = Rule("FC001", "syntax-error", Severity.ERROR)


def check(facts: Facts) -> Iterator[Diagnostic]:
    """One a file: what follows a syntax error is guesswork."""
    for fault in facts.faults:
        if isinstance(fault, SyntaxFault):
            yield Diagnostic(
                rule=RULE,
                severity=RULE.severity,
                message=_message(fault.words),
                primary=Label(fault.span, "Python can't read on from here"),
            )


def _message(words: str) -> str:
    said = words[:1].lower() + words[1:]
    return said if said.startswith("invalid syntax") else f"invalid syntax: {said}"
