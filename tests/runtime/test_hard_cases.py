"""Every hard case of the replay, killed at a place or two; `faults/` has the larger campaign."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

FAULTS = Path(__file__).parents[1] / "faults"
sys.path.insert(0, str(FAULTS))

from hard_cases import CHECKS  # noqa: E402 - found by the line above

PARTS = 4


@pytest.mark.parametrize("part", range(PARTS))
def test_killed_runs_resume_without_doing_anything_again(part: int) -> None:
    cases = list(CHECKS)[part::PARTS]
    command = [sys.executable, str(FAULTS / "kill_campaign.py"), "--kills", "1", "--seed", "1"]
    told = subprocess.run(
        [*command, *cases], capture_output=True, text=True, timeout=120, check=False
    )
    assert told.returncode == 0, told.stdout + told.stderr
    assert " 0 kills" not in told.stdout
