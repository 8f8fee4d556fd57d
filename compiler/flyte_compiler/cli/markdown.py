"""A rule's page on a terminal: headings, code and marks stand out, the text stays as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flyte_compiler.diagnostics.paint import Paint, Role, plain

_FENCE = "```"
_INLINE = re.compile(r"`[^`]+`")
_MARK = re.compile(r"# (?P<severity>error|warning|note):.*$")


def painted(page: str, paint: Paint) -> str:
    """The page in colour; without colour, exactly as it is written."""
    if paint is plain:
        return page
    return "".join(f"{line}\n" for line in _lines(page.splitlines(), paint))


def _lines(lines: list[str], paint: Paint) -> Iterator[str]:
    is_code = False
    for line in lines:
        if line.startswith(_FENCE):
            is_code = not is_code
        elif is_code:
            yield f"    {_marked(line, paint)}".rstrip()
        elif line.startswith("#"):
            yield paint(Role.MESSAGE, line.lstrip("# "))
        else:
            yield _INLINE.sub(lambda found: paint(Role.NOTE, found[0].strip("`")), line)


def _marked(line: str, paint: Paint) -> str:
    """A line of code, with the mark of what is reported there."""
    return _MARK.sub(lambda found: paint(Role[found["severity"].upper()], found[0]), line)
