"""The marks in the programs: `# E` on a wrong line, the expected type after `reveal_type(...)`.

Checkers write one type in several ways (`flyte._ended_run.Run[str]`, `Exception | str`); `plain`
brings them to one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_REVEAL = re.compile(r"reveal_type\(.*\)  # (?P<type>.+)$")
_WRONG = re.compile(r"  # E$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What a program expects, by line."""

    wrong: frozenset[int]
    types: dict[int, str]


def read_marks(program: Path) -> Marks:
    """The marks of `program`."""
    lines = list(enumerate(program.read_text(encoding="utf-8").splitlines(), start=1))
    return Marks(
        wrong=frozenset(number for number, line in lines if _WRONG.search(line)),
        types={n: plain(found["type"]) for n, line in lines if (found := _REVEAL.search(line))},
    )


def plain(shown: str) -> str:
    """A type without module names, its parameters in brackets, its alternatives in order."""
    text = re.sub(r"\b(?:\w+\.)+(?=\w)", "", shown)
    text = re.sub(r"\[\(([^()]*)\), ", r"[[\1], ", text)
    return re.sub(r"\w+(?: \| \w+)+", lambda union: _in_order(union[0]), text)


def _in_order(union: str) -> str:
    return " | ".join(sorted(union.split(" | ")))
