"""When a task counts as heavy."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from flyte._workers.costs import Spent, cost_of, forget_costs, judge_running, note_cost


@pytest.fixture(autouse=True)
def unknown() -> Iterator[None]:
    forget_costs()
    yield
    forget_costs()


def task() -> None:
    """Stands for a task's function."""


def is_heavy() -> bool | None:
    cost = cost_of(task)
    return None if cost is None else cost.is_heavy


@pytest.mark.parametrize(
    ("cpu", "seconds", "heavy"),
    [
        (0.1, 0.1, True),
        (0.0001, 0.0001, False),
        (0.019, 0.019, False),
        (0.03, 10.0, False),
        (0.08, 0.1, True),
    ],
)
def test_a_task_is_heavy_that_computes_for_long_enough(
    cpu: float, seconds: float, heavy: bool
) -> None:
    assert is_heavy() is None
    note_cost(task, Spent(cpu, seconds))
    assert is_heavy() is heavy


def test_between_the_limits_a_task_stays_what_it_was() -> None:
    note_cost(task, Spent(0.03, 0.03))
    for _ in range(9):
        note_cost(task, Spent(0.01, 0.01))
    assert is_heavy()
    for _ in range(9):
        note_cost(task, Spent(0.001, 0.001))
    assert not is_heavy()
    for _ in range(9):
        note_cost(task, Spent(0.015, 0.015))
    assert not is_heavy()


def test_a_running_attempt_is_judged_by_its_share_alone() -> None:
    judge_running(task, Spent(0.018, 0.02))
    assert is_heavy()
    forget_costs()
    judge_running(task, Spent(0.001, 0.02))
    assert not is_heavy()
