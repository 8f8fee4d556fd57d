"""A rule's page: what stands under its headings."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flyte_compiler.rules.catalogue import Entry

_HEADING = re.compile(r"^## (?P<name>.+)$", re.MULTILINE)
_CLAUSE = re.compile(r"(?:`[^`]*`|[^`.:;]|[.:;](?!\s|$)|`)*")
"""Up to a full stop, colon or semicolon that stands in no code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What one page says."""

    text: str
    """All of it, as Markdown."""
    what: str
    """The section "What it does"."""

    @property
    def summary(self) -> str:
        """What it does, up to the first stop, on one line."""
        found = _CLAUSE.match(" ".join(self.what.split()))
        return found[0] if found else ""

    @property
    def fault(self) -> str:
        """The summary without its verb: what is reported."""
        return re.sub(r"^(Reports|Notes) ", "", self.summary)


def read_page(entry: Entry) -> Page:
    """The page of a rule of the catalogue."""
    text = entry.page.read_text(encoding="utf-8")
    before, *parts = _HEADING.split(text)
    sections = dict(zip(parts[::2], parts[1::2], strict=True))
    return Page(text=text, what=sections.get("What it does", before).strip())
