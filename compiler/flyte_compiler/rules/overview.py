"""`docs/rules.md`: every rule in one table, made from the rules and their pages.

python -m flyte_compiler.rules.overview > docs/rules.md
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from flyte_compiler.diagnostics.target import UPSTREAM_FAILURES
from flyte_compiler.rules.catalogue import Entry, catalogue
from flyte_compiler.rules.page import read_page
from flyte_compiler.rules.registry import rules

_PAGES = "../compiler/flyte_compiler/rules"
_GROUPS = {
    "FC0": "Sources and comments",
    "FC1": "Tasks and environments",
    "FC2": "Calls",
    "FC3": "Types and arguments",
    "FC4": "Replay",
    "FC5": "Drivers and deployment",
    "FC6": "Why a driver stays dynamic",
}
_INTRODUCTION = """\
# Rules

<!-- Made by `python -m flyte_compiler.rules.overview > docs/rules.md`. -->

What `flyte-compile` reports. Each code leads to its page, which `flyte-compile explain CODE`
prints too: what the rule does, why it matters, an example and the cure. *Error*: the program will
fail, silently do nothing, or give a wrong result. *Warning*: it will under a condition that the
reader can check. *Note*: worth knowing, and left out of the report without `--notes`. About a
single place a rule may be surer, or less sure, than usual: its page tells.
[configuration.md](configuration.md) says how to select, ignore and grade rules.
"""


def overview() -> str:
    """The page, with a final line break."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield _INTRODUCTION
    for prefix, title in _GROUPS.items():
        entries = [each for each in catalogue() if each.code.startswith(prefix)]
        if entries:
            yield f"## {title}\n"
            yield "| code | name | severity | what it reports |"
            yield "|---|---|---|---|"
            yield from map(_row, entries)
            yield ""
    yield from _upstream()


def _row(entry: Entry) -> str:
    severity = next(each.rule.severity for each in rules() if each.rule.code == entry.code)
    link = f"[{entry.code}]({_PAGES}/{entry.page.name})"
    cells = (link, f"`{entry.name}`", severity.value, _what(entry))
    return f"| {' | '.join(cells)} |"


def _what(entry: Entry) -> str:
    """In a cell, a bar would end it."""
    return read_page(entry).fault.replace("|", "\\|")


def _upstream() -> Iterator[str]:
    yield "## With the upstream SDK\n"
    yield "These warnings are about programs that work here: errors with `--target upstream`.\n"
    yield "| code | what comes of it there |"
    yield "|---|---|"
    known = {entry.code for entry in catalogue()}
    for code, what in UPSTREAM_FAILURES.items():
        if code in known:
            yield f"| {code} | {what} |"
    yield ""


if __name__ == "__main__":
    sys.stdout.write(overview())
