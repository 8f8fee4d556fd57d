"""The rules of some diagnostics, with what their pages say."""

from __future__ import annotations

from collections.abc import Iterable

from flyte_compiler.diagnostics.model import Rule
from flyte_compiler.diagnostics.render_sarif import Described
from flyte_compiler.rules.catalogue import Entry, catalogue
from flyte_compiler.rules.page import read_page


def described(rules: Iterable[Rule]) -> tuple[Described, ...]:
    """Each once, by code."""
    entries = {entry.code: entry for entry in catalogue()}
    once = {rule.code: rule for rule in rules}
    return tuple(_described(once[code], entries[code]) for code in sorted(once))


def _described(rule: Rule, entry: Entry) -> Described:
    page = read_page(entry)
    return Described(rule=rule, summary=page.summary, page=page.text)
