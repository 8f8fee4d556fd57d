"""`import flyte`: light, complete, and honest about what it has."""

from __future__ import annotations

import subprocess
import sys

import pytest

import flyte
from flyte._context import CURRENT_GROUP

HEAVY = ("asyncio", "click", "rich", "cbor2", "apsw", "msgspec", "pydantic", "libcst", "mypy")


def test_importing_flyte_imports_nothing_heavy() -> None:
    code = f"import sys, flyte; print([m for m in {HEAVY!r} if m in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


def test_every_name_of_the_surface_is_there() -> None:
    for name in flyte.__all__:
        assert getattr(flyte, name) is not None
    assert set(flyte.__all__) <= set(dir(flyte))


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="`nosuch`"):
        _ = flyte.nosuch  # type: ignore[attr-defined]


def test_groups_nest_and_end() -> None:
    with flyte.group("outer"), flyte.group("inner"):
        assert CURRENT_GROUP.get() == "outer/inner"
    assert CURRENT_GROUP.get() is None
    with pytest.raises(ValueError, match="isn't empty"), flyte.group(""):
        pass
