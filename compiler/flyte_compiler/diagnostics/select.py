"""Which rules are wanted: codes (`FC301`), prefixes of codes (`FC4`) and names.

The narrower word wins, whichever list it stands in: `--select FC302 --ignore FC3` keeps FC302.
A rule that both lists name is ignored, but for one that the configuration ignores and the command
line selects.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from flyte_compiler.diagnostics.model import Diagnostic, Severity
from flyte_compiler.diagnostics.near import nearest

_PREFIX = re.compile(r"FC\d{0,3}", re.IGNORECASE)
_WHOLE_CODE = 5


class Named(Protocol):
    """What a selector looks at: a rule, or its entry in the catalogue."""

    @property
    def code(self) -> str:
        """`FC` and three digits."""

    @property
    def name(self) -> str:
        """Words joined by hyphens."""


@dataclass(frozen=True, slots=True)
class Selector:
    """One word of a list: a code, a prefix of codes, or a name."""

    word: str

    def matches(self, rule: Named) -> bool:
        """Whether the word names the rule."""
        if self.is_code:
            return rule.code.startswith(self.word.upper())
        return rule.name == self.word.lower()

    @property
    def is_code(self) -> bool:
        """Whether it is a code or a prefix of codes."""
        return _PREFIX.fullmatch(self.word) is not None

    @property
    def narrowness(self) -> int:
        """How few rules it names; a name says as much as a whole code."""
        return len(self.word) if self.is_code else _WHOLE_CODE


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What the user asked to see."""

    select: tuple[Selector, ...] = ()
    """Empty: every rule."""
    ignore: tuple[Selector, ...] = ()
    usually_ignore: tuple[Selector, ...] = ()
    """Ignored where `select` names nothing as narrow."""

    def wants(self, rule: Named) -> bool:
        """Whether a rule's diagnostics are reported at all."""
        chosen = narrowest(self.select, rule) if self.select else 0
        if chosen is None or chosen <= (narrowest(self.ignore, rule) or -1):
            return False
        return chosen >= (narrowest(self.usually_ignore, rule) or -1)

    def asks_for(self, rule: Named) -> bool:
        """Whether `select` names the rule: then its notes are wanted too."""
        return any(selector.matches(rule) for selector in self.select)

    def names(self, rule: Named) -> bool:
        """Whether `select` names this very rule, by its code or its name."""
        return (narrowest(self.select, rule) or 0) >= _WHOLE_CODE


def narrowest(selectors: Iterable[Selector], rule: Named) -> int | None:
    """How narrow the narrowest word is that names a rule; None where none does."""
    found = [each.narrowness for each in selectors if each.matches(rule)]
    return max(found, default=None)


def parse_selectors(text: str, known: Iterable[Named]) -> tuple[Selector, ...]:
    """The words of a comma-separated list.

    Raises:
        ValueError: a code or name of no known rule; says which, and the nearest. A prefix may
            name none: rules are added.
    """
    words = [word for part in text.split(",") if (word := part.strip())]
    return tuple(_known_selector(word, tuple(known)) for word in words)


def _known_selector(word: str, known: tuple[Named, ...]) -> Selector:
    selector = Selector(word)
    is_prefix = selector.is_code and len(word) < _WHOLE_CODE
    if is_prefix or any(selector.matches(rule) for rule in known):
        return selector
    near = nearest(word, [name for rule in known for name in (rule.code, rule.name)])
    raise ValueError(f"no rule is called `{word}`" + (f"; did you mean `{near}`?" if near else ""))


def shown_to_people(
    diagnostics: Iterable[Diagnostic], selection: Selection, *, with_notes: bool
) -> tuple[Diagnostic, ...]:
    """Without the notes that nobody asked for."""
    return tuple(
        each
        for each in diagnostics
        if with_notes or each.severity is not Severity.NOTE or selection.asks_for(each.rule)
    )
