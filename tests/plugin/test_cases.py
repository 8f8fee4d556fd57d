"""What the plugin says of small programs."""

from __future__ import annotations

import pytest
from markdown_cases import Case
from plugin_cases import cases, differences


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.path.stem}: {case.name}")
def test_the_plugin_says_what_is_marked(case: Case) -> None:
    assert not differences(case)
