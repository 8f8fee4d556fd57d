"""The page of a rule, for `flyte-compile explain`."""

from __future__ import annotations

from collections.abc import Iterator

from flyte_compiler.diagnostics.near import nearest
from flyte_compiler.rules.catalogue import catalogue
from flyte_compiler.rules.page import read_page


def explain(word: str) -> str:
    """The page of the rule with this code or name.

    Raises:
        LookupError: there is none; says which is nearest.
    """
    wanted = word.strip().lower()
    for entry in catalogue():
        if wanted in {entry.code.lower(), entry.name}:
            return read_page(entry).text
    names = [name for entry in catalogue() for name in (entry.code, entry.name)]
    near = nearest(wanted, names)
    raise LookupError(f"no rule is called `{word}`" + (f"; did you mean `{near}`?" if near else ""))


def listed() -> Iterator[str]:
    """A line a rule: code, name, what it reports."""
    widest = max(len(entry.name) for entry in catalogue())
    for entry in catalogue():
        yield f"{entry.code}  {entry.name:<{widest}}  {read_page(entry).fault}"
