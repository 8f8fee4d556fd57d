"""Two programs side by side, as the verb compares them."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from flyte_compiler.cli.sides import read_side
from flyte_compiler.diff.compare import compare
from flyte_compiler.diff.model import Difference
from flyte_compiler.diff.program import PlacedPlan

HEAD = """\
import asyncio
import flyte

env = flyte.TaskEnvironment("etl")
"""

Compare = Callable[[str, str], Difference]
Plans = Callable[[str], tuple[PlacedPlan, ...]]


@pytest.fixture
def plans(tmp_path: Path) -> Plans:
    """The plans of a program that begins with an environment `etl`."""
    numbers = count()

    def plans_of(text: str) -> tuple[PlacedPlan, ...]:
        file = tmp_path / f"side{next(numbers)}" / "main.py"
        file.parent.mkdir()
        file.write_text(HEAD + textwrap.dedent(text), encoding="utf-8")
        side = read_side(file)
        assert not side.errors, side.errors
        return side.plans

    return plans_of


@pytest.fixture
def compared(plans: Plans) -> Compare:
    """Compare two programs."""
    return lambda old, new: compare(plans(old), plans(new))
