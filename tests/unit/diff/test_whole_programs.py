"""What holds of every program: like itself wherever its text stands; different both ways."""

from __future__ import annotations

import random
from itertools import pairwise
from pathlib import Path

import pytest

from flyte_compiler.cli.sides import read_side
from flyte_compiler.diff.compare import compare
from flyte_compiler.diff.model import Difference

CORPUS = Path(__file__).parents[2] / "corpus"
PROGRAMS = sorted(CORPUS.glob("b_*.py"))[::7]


def difference(old: Path, new: Path) -> Difference:
    return compare(*(read_side(path).plans for path in (old, new)))


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.stem)
def test_where_text_stands_makes_no_difference(program: Path, tmp_path: Path) -> None:
    text = program.read_text(encoding="utf-8")
    shifted = tmp_path / program.name
    shifted.write_text(_with_comments(text), encoding="utf-8")
    found = difference(program, shifted)
    assert found.is_empty
    assert found.results
    assert all(result.cause is None for result in found.results)


@pytest.mark.parametrize("pair", list(pairwise(PROGRAMS)))
def test_what_is_added_one_way_is_removed_the_other(pair: tuple[Path, Path]) -> None:
    there, back = difference(*pair), difference(*reversed(pair))
    assert there.added == back.removed
    assert there.removed == back.added
    assert len(there.changed) == len(back.changed)


def _with_comments(text: str) -> str:
    """The text with a comment above some statements of the module, and blank lines at its top."""
    chance = random.Random(7)
    lines = []
    for line in text.splitlines():
        if line.startswith(("@env.", "def ", "async def ")) and not _is_decorated(lines):
            lines += [""] * chance.randrange(3) + ["# moved"] * chance.randrange(2)
        lines.append(line)
    return "\n".join(["# at the top", "", *lines, "", "# at the end", ""])


def _is_decorated(lines: list[str]) -> bool:
    return bool(lines) and lines[-1].startswith("@")
