"""What becomes of an attempt whose worker has died."""

from __future__ import annotations

import pytest

from flyte._workers.attempts import SYSTEM_RETRIES, loss
from flyte._workers.processes import Death
from flyte.errors import OOMError, RuntimeSystemError


@pytest.mark.parametrize("lost", range(1, SYSTEM_RETRIES + 1))
def test_a_lost_attempt_is_followed_by_another(lost: int) -> None:
    assert loss(Death(-11, for_memory=False), lost) is None


def test_when_the_budget_is_used_up_the_signal_is_named() -> None:
    error = loss(Death(-11, for_memory=False), SYSTEM_RETRIES + 1)
    assert isinstance(error, RuntimeSystemError)
    assert "SIGSEGV" in str(error)
    error = loss(Death(3, for_memory=False), SYSTEM_RETRIES + 1)
    assert "exit code 3" in str(error)


def test_running_out_of_memory_is_told_at_once() -> None:
    error = loss(Death(-9, for_memory=True), 1)
    assert isinstance(error, OOMError)
