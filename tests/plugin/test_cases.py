"""What the plugin says of small programs."""

from __future__ import annotations

from pathlib import Path

import pytest
from markdown_cases import Case
from plugin_cases import cases, differences


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mypy")


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.path.stem}: {case.name}")
def test_the_plugin_says_what_is_marked(case: Case, cache: Path) -> None:
    assert not differences(case, [], cache)
