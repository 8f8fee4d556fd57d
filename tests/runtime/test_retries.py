"""Retries, backoff and timeouts: as many attempts as were asked for, and none too long."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from program import Program

import flyte
from flyte import Backoff, RetryStrategy, Timeout
from flyte.errors import (
    DeadlineExceededError,
    MaxRuntimeExceededError,
    NonRecoverableError,
    RetriesExhaustedError,
    RuntimeUserError,
)

Write = Callable[[str], Program]

env = flyte.TaskEnvironment("retries")
tries: Counter[str] = Counter()


@pytest.fixture(autouse=True)
def forget() -> None:
    tries.clear()


def fails_before(name: str, good: int) -> int:
    tries[name] += 1
    if tries[name] < good:
        raise ValueError(f"{name} {tries[name]}")
    return tries[name]


@env.task(retries=3)
async def flaky(good: int) -> int:
    return fails_before("flaky", good)


@env.task(retries=2)
def sync_flaky(good: int) -> int:
    return fails_before("sync_flaky", good)


@env.task(retries=5)
async def hopeless() -> None:
    tries["hopeless"] += 1
    raise NonRecoverableError("never")


@pytest.mark.parametrize("task", [flaky, sync_flaky])
def test_a_task_is_tried_until_it_succeeds(task: object) -> None:
    assert flyte.run(task, 3).outputs() == (3,)  # type: ignore[arg-type]


def test_used_up_retries_are_an_error_of_both_classes() -> None:
    with pytest.raises(ValueError, match="flaky 4") as caught:
        flyte.run(flaky, 9)
    assert isinstance(caught.value, RetriesExhaustedError)
    assert isinstance(caught.value, RuntimeUserError)
    assert tries["flaky"] == 4


def test_what_cannot_recover_is_not_tried_again() -> None:
    with pytest.raises(NonRecoverableError):
        flyte.run(hopeless)
    assert tries["hopeless"] == 1


@env.task(retries=RetryStrategy(2, Backoff(timedelta(seconds=0.1), 2.0, timedelta(seconds=1))))
async def patient() -> float:
    fails_before("patient", 3)
    return time.monotonic()


def test_backoff_is_waited_for() -> None:
    began = time.monotonic()
    flyte.run(patient)
    assert time.monotonic() - began >= 0.3


@env.task(timeout=0.1)
async def sleeps() -> None:
    await asyncio.sleep(30)


@env.task(timeout=0.1)
def spins() -> None:
    for _ in itertools.count():
        time.sleep(0.001)


@env.task(timeout=0.1, retries=1)
def spins_once() -> int:
    tries["spins"] += 1
    while tries["spins"] == 1:
        time.sleep(0.001)
    return tries["spins"]


@env.task(timeout=Timeout(deadline=0.25), retries=100)
async def fails_slowly() -> None:
    tries["slowly"] += 1
    await asyncio.sleep(0.1)
    raise ValueError("again")


@pytest.mark.parametrize("task", [sleeps, spins])
def test_an_attempt_that_takes_too_long_is_stopped(task: object) -> None:
    began = time.monotonic()
    with pytest.raises(MaxRuntimeExceededError, match="longer than"):
        flyte.run(task)  # type: ignore[arg-type]
    assert time.monotonic() - began < 10


def test_an_attempt_that_took_too_long_is_followed_by_another() -> None:
    assert flyte.run(spins_once).outputs() == (2,)


def test_a_deadline_covers_all_attempts() -> None:
    with pytest.raises(DeadlineExceededError):
        flyte.run(fails_slowly)
    assert 1 <= tries["slowly"] <= 3


@env.task
async def child(name: str, good: int) -> int:
    tries[f"run {name}"] += 1
    return fails_before(name, good)


@env.task
def sync_child(name: str) -> int:
    tries[f"run {name}"] += 1
    return len(name)


@flyte.trace
async def seen(name: str) -> int:
    tries[f"trace {name}"] += 1
    return 7


@env.task(retries=2)
async def driver() -> list[int]:
    first = await child("steady", 1)
    await seen("seen")
    side = await sync_child.aio("side")
    return [first, side, *await asyncio.gather(child("shaky", 3), child("other", 1))]


def test_a_driver_that_is_tried_again_keeps_what_succeeded() -> None:
    assert flyte.run(driver).outputs() == ([1, 4, 3, 1],)
    runs = {name: tries[name] for name in ("run steady", "trace seen", "run shaky", "run side")}
    assert runs == {"run steady": 1, "trace seen": 1, "run shaky": 3, "run side": 1}
    assert tries["run other"] <= 2  # unfinished when the first attempt failed


@env.task(retries=1, timeout=0.3)
def sync_driver() -> int:
    tries["sync_driver"] += 1
    return slow_child(30.0 if tries["sync_driver"] == 1 else 0.0)


@env.task
def slow_child(seconds: float) -> int:
    tries["slow_child"] += 1
    time.sleep(min(seconds, 1.0))
    return tries["slow_child"]


def test_a_driver_that_waits_for_a_child_is_stopped_too() -> None:
    assert flyte.run(sync_driver).outputs() == (2,)


@env.task
async def calls_without_aio() -> int:
    return sync_flaky(3)


def test_a_blocking_call_in_an_asynchronous_driver_is_tried_again() -> None:
    assert flyte.run(calls_without_aio).outputs() == (3,)


SOURCE = """
import flyte

env = flyte.TaskEnvironment("again")


@env.task
async def work(x: int) -> int:
    effect(f"work {x}")
    return x


@env.task(retries=3)
async def shaky(x: int) -> int:
    effect("shaky")
    die(f"shaky {shakes()}")
    if shakes() < 3:
        raise ValueError(x)
    return x


@env.task(retries=3)
async def main() -> int:
    effect("main")
    total = await work(1)
    die(f"main {mains()}")
    total += await work(mains() * 100)
    if mains() < 3:
        raise ValueError(total)
    return total


@env.task
async def outer() -> int:
    return await shaky(5)


def shakes():
    return open("effects").read().split().count("shaky")


def mains():
    return open("effects").read().split().count("main")
"""


def test_attempts_are_counted_across_a_crash(program: Write) -> None:
    written = program(SOURCE)
    died = written.run("run", "--name", "r", "main.py", "outer", die="shaky 2")
    assert died.returncode == -9
    resumed = written.run("-of", "json", "resume", "r")
    assert resumed.returncode == 0, resumed.stderr
    assert json.loads(resumed.stdout)["outputs"] == {"o0": 5}
    actions = json.loads(written.run("-of", "json", "get", "action", "r").stdout)
    shaky = next(each for each in actions if each["task"] == "again.shaky")
    assert shaky["attempts"] == 3


@pytest.mark.parametrize("place", ["main 1", "main 2", "main 3"])
def test_a_retried_driver_resumes_in_its_attempt(program: Write, place: str) -> None:
    written = program(SOURCE)
    died = written.run("run", "--name", "r", "main.py", "main", die=place)
    assert died.returncode == -9
    resumed = written.run("-of", "json", "resume", "r")
    assert resumed.returncode == 0, resumed.stderr
    assert written.effects()["work 1"] == 1
