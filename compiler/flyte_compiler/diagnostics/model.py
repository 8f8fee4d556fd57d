"""The diagnostic: fact, place, cause and cure, each in its own slot.

Making one and showing it are apart: nothing here knows a terminal. Messages are lowercase,
without a full stop, code in backticks; the cure stands in `helps` only.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from flyte_compiler.source.span import Span


class Severity(Enum):
    """How sure it is that the program goes wrong."""

    ERROR = "error"
    """It will fail, silently do nothing, or give a wrong result."""
    WARNING = "warning"
    """It will under a condition that the reader can check."""
    NOTE = "note"
    """Worth knowing."""


@dataclass(frozen=True, slots=True)
class Rule:
    """The identity of a rule; what it checks lives beside it, in `rules/`."""

    code: str
    """`FC` and three digits: never used again for another fault."""
    name: str
    """States the fault and reads well after "ignore"."""
    severity: Severity


@dataclass(frozen=True, slots=True)
class Label:
    """A place and what to see there."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the text of a span."""

    span: Span
    replacement: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """Edits that cure the fault."""

    title: str
    edits: tuple[Edit, ...]
    safe: bool
    """Whether the program means the same afterwards, but for the fault."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """One fault, said once."""

    rule: Rule
    message: str
    primary: Label
    severity: Severity
    labels: tuple[Label, ...] = ()
    notes: tuple[str, ...] = ()
    helps: tuple[str, ...] = ()
    fix: Fix | None = None

    @property
    def sort_key(self) -> tuple[Span, str]:
        """By file, position, code."""
        return (self.primary.span, self.rule.code)
