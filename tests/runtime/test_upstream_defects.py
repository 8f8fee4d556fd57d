"""What the upstream SDK's local mode gets wrong, or leaves out, and what happens here instead.

A test a defect; each says what it is.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from program import Program

import flyte
from flyte._environment import _ENVIRONMENTS

env = flyte.TaskEnvironment("defects")
Write = Callable[[str], Program]

_seen: list[object] = []


@pytest.fixture(autouse=True)
def _nothing_seen() -> None:
    _seen.clear()


@pytest.fixture(autouse=True)
def _known(monkeypatch: pytest.MonkeyPatch) -> None:
    # A test of the command line forgets environments, as a new process would.
    for each in (env,):
        monkeypatch.setitem(_ENVIRONMENTS, each.name, each)


@env.task
async def add(x: int, y: int = 10) -> int:
    return x + y


@env.task
def add_blocking(x: int) -> int:
    return x + 1


# Runs ----------------------------------------------------------------------------------------


def test_a_run_s_name_is_its_own_and_not_dry_run() -> None:
    first, second = flyte.run(add, 1), flyte.run(add, 1)
    assert "dry-run" not in {first.name, second.name}
    assert first.name != second.name
    assert flyte.with_runcontext(name="mine").run(add, 1).name == "mine"


def test_a_run_has_a_phase() -> None:
    assert flyte.run(add, 1).phase == "succeeded"


def test_a_run_has_inputs_and_details_without_a_client() -> None:
    run = flyte.run(add, 1)
    assert run.inputs() == {"x": 1, "y": 10}
    assert run.details().task_name == "defects.add"


def test_a_run_that_has_ended_is_done() -> None:
    assert flyte.run(add, 1).done() is True


def test_a_name_said_twice_is_one_run() -> None:
    for executed in (1, 0):
        assert flyte.with_runcontext(name="one").run(add, 1).counts.executed == executed


def test_a_rerun_needs_no_cluster() -> None:
    flyte.with_runcontext(name="again").run(add, 1)
    assert flyte.rerun("again").outputs() == (11,)


@env.task
async def grows(n: int) -> int:
    parts = await asyncio.gather(*[add(x) for x in range(n)])
    return sum(parts)


def test_a_recovery_with_other_inputs_reuses_what_is_the_same_alone() -> None:
    """Upstream keeps outputs that were made from the old inputs."""
    flyte.with_runcontext(name="old").run(grows, 2)
    new = flyte.rerun("old", recover=True, n=3)
    assert (new.outputs(), new.counts.cached) == ((33,), 2)


def test_a_killed_run_goes_on_where_it_was(program: Write) -> None:
    made = program(
        "import flyte\nenv = flyte.TaskEnvironment('p')\n"
        "@env.task\nasync def step(x: int) -> int:\n    effect(f'step {x}')\n    return x\n"
        "@env.task\nasync def main() -> int:\n"
        "    first = await step(1)\n    die('here')\n    return first + await step(2)\n"
    )
    made.run("run", "--name", "r", "main.py", "main", die="here")
    assert made.run("resume", "r").returncode == 0
    assert made.effects() == {"step 1": 1, "step 2": 1}


@env.task
async def below(x: int) -> int:
    return await add(x)


@env.task
async def above(x: int) -> int:
    return await below(x)


def test_actions_are_nested_as_they_were_called() -> None:
    """Upstream stores all of them as children of the root."""
    root, middle, leaf = flyte.run(above, 1).details().actions
    assert (root.parent_name, middle.parent_name, leaf.parent_name) == (
        None,
        root.name,
        middle.name,
    )


def test_nothing_is_left_in_the_temporary_folder(program: Write) -> None:
    made = program(
        "import flyte\nenv = flyte.TaskEnvironment('p')\n"
        "@env.task\nasync def main() -> int:\n    return 1\n"
    )
    before = set(Path("/tmp/flyte").rglob("*")) if Path("/tmp/flyte").exists() else set()
    assert made.run("run", "main.py", "main").returncode == 0
    after = set(Path("/tmp/flyte").rglob("*")) if Path("/tmp/flyte").exists() else set()
    assert after == before


def test_importing_sets_no_hook_and_phones_nobody() -> None:
    code = (
        "import sys\nbefore = sys.excepthook\nimport flyte\n"
        "print(sys.excepthook is before, [m for m in ('socket', 'sentry_sdk') if m in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "True []"


# Calls ---------------------------------------------------------------------------------------


def test_an_unknown_keyword_is_an_error_that_names_it() -> None:
    """Upstream drops it where the task has a default, and trains with that."""
    with pytest.raises(TypeError, match="`z`"):
        flyte.run(add, 1, z=99)  # type: ignore[call-arg]  # what is tested


@env.task
async def passes_unknown() -> int:
    return await add(1, z=99)  # type: ignore[call-arg]  # what is tested


def test_an_unknown_keyword_inside_a_run_is_an_error_too() -> None:
    with pytest.raises(TypeError, match="`z`"):
        flyte.run(passes_unknown)


@env.task
async def calls_with_wrong_name() -> int:
    return await add(int=3)  # type: ignore[call-arg]  # what is tested


def test_a_wrong_keyword_is_not_told_as_a_missing_input() -> None:
    with pytest.raises(TypeError, match="`int`"):
        flyte.run(calls_with_wrong_name)


def test_aio_of_an_asynchronous_task_outside_a_run_is_awaited_once() -> None:
    assert asyncio.run(add.aio(1)) == 11


@env.task
async def blocks() -> int:
    return add_blocking(1)


def test_a_synchronous_task_works_in_an_asynchronous_driver_without_aio() -> None:
    assert flyte.run(blocks).outputs() == (2,)


@env.task
async def half(x: float) -> float:
    return x / 2


@env.task
async def total(values: list[float]) -> float:
    return sum(values)


def test_an_int_is_taken_for_a_float() -> None:
    assert flyte.run(half, 1).outputs() == (0.5,)
    assert flyte.run(total, [1, 2]).outputs() == (3.0,)


@env.task
async def moment(at: datetime) -> datetime:
    return at


def test_a_time_without_a_zone_stays_one() -> None:
    plain = datetime(2026, 1, 2, 3, 4)
    assert flyte.run(moment, plain).outputs() == (plain,)
    assert flyte.run(moment, plain.replace(tzinfo=UTC)).outputs().o0.tzinfo is not None


class MyError(Exception):
    pass


@env.task
async def fails(x: int) -> int:
    raise MyError("mine")


@env.task
async def catches(kind: str) -> str:
    classes: dict[str, type[Exception]] = {"own": MyError, "user": flyte.errors.RuntimeUserError}
    try:
        await fails(1)
    except classes[kind] as error:
        return f"{type(error).__name__} {getattr(error, 'code', '')} {error}"
    return "nothing"


@pytest.mark.parametrize("kind", ["own", "user"])
def test_a_child_s_error_is_caught_as_its_own_class_and_as_upstream_s(kind: str) -> None:
    assert flyte.run(catches, kind).outputs() == ("MyError MyError mine",)


@env.task
async def fails_for_a_reason(x: int) -> int:
    try:
        raise KeyError("deep")
    except KeyError as error:
        raise MyError("shallow") from error


@env.task
async def calls_for_a_reason() -> str:
    try:
        await fails_for_a_reason(1)
    except MyError as error:
        return type(error.__cause__).__mro__[1].__name__ + str(error.__cause__)
    return "nothing"


def test_the_cause_of_a_child_s_error_is_kept() -> None:
    assert "deep" in flyte.run(calls_for_a_reason).outputs().o0


@env.task(retries=3)
async def cannot_recover() -> int:
    _seen.append(1)
    raise flyte.errors.NonRecoverableError("enough")


def test_what_cannot_recover_is_that_class_and_tried_once() -> None:
    with pytest.raises(flyte.errors.NonRecoverableError):
        flyte.run(cannot_recover)
    assert len(_seen) == 1


# Map -----------------------------------------------------------------------------------------


_all_there = threading.Barrier(4)


@env.task
def meets_the_others(x: int) -> int:
    _all_there.wait(timeout=20)
    return x


@env.task
def maps_four() -> list[int]:
    return list(flyte.map(meets_the_others, range(4), return_exceptions=False))


def test_a_map_runs_in_parallel() -> None:
    assert flyte.run(maps_four).outputs() == ([0, 1, 2, 3],)


_lock = threading.Lock()
_now: list[int] = []
_most: list[int] = []


@env.task
def counts_itself(x: int) -> int:
    with _lock:
        _now.append(x)
        _most.append(len(_now))
    time.sleep(0.05)
    with _lock:
        _now.remove(x)
    return x


@env.task
def maps_a_few(n: int, at_once: int) -> list[int]:
    return list(flyte.map(counts_itself, range(n), concurrency=at_once, return_exceptions=False))


def test_concurrency_of_a_map_is_kept_to() -> None:
    _most.clear()
    assert flyte.run(maps_a_few, 6, 2).outputs() == ([0, 1, 2, 3, 4, 5],)
    assert max(_most) == 2


@env.task
def returns_a_map(n: int) -> list[int]:
    return flyte.map(add_blocking, range(n))  # type: ignore[return-value]  # what is tested


def test_a_returned_map_is_collected() -> None:
    assert flyte.run(returns_a_map, 3).outputs() == ([1, 2, 3],)


def _counting(n: int) -> Iterator[int]:
    for x in range(n):
        _seen.append(x)
        yield x


@env.task
def takes_two(n: int) -> list[int]:
    results = flyte.map(add_blocking, _counting(n), concurrency=2, return_exceptions=False)
    assert _seen == []  # lazy: nothing is asked for yet
    taken = [next(results), next(results)]
    results.close()
    return taken


def test_a_map_is_lazy_and_ends_early() -> None:
    run = flyte.run(takes_two, 100)
    assert run.outputs() == ([1, 2],)
    assert len(_seen) <= 4
    assert len(run.details().actions) <= 5


@env.task
async def sums(x: int, y: int) -> int:
    return x + y


@env.task
def maps_several() -> list[int]:
    import functools

    both = list(flyte.map(sums, [1, 2, 3], [10, 20], return_exceptions=False))
    bound = list(flyte.map(functools.partial(sums, y=5), [1, 2], return_exceptions=False))
    return both + bound


def test_a_map_takes_several_iterables_and_partials() -> None:
    assert flyte.run(maps_several).outputs() == ([11, 22, 6, 7],)


# Time ----------------------------------------------------------------------------------------


@env.task(timeout=timedelta(seconds=0.2))
async def too_long() -> int:
    await asyncio.sleep(30)
    return 1


@env.task(timeout=timedelta(seconds=0.2))
def too_long_blocking() -> int:
    for _ in range(3000):
        time.sleep(0.01)
    return 1


@pytest.mark.parametrize("task", [too_long, too_long_blocking])
def test_timeouts_are_enforced(task: Any) -> None:
    began = time.monotonic()
    with pytest.raises(flyte.errors.TaskTimeoutError):
        flyte.run(task)
    assert time.monotonic() - began < 10


@env.task
async def counted_child() -> int:
    _seen.append("child")
    return 1


@flyte.trace
async def counted_trace() -> None:
    _seen.append("trace")


@env.task(retries=2)
async def tried_again() -> int:
    await counted_child()
    await counted_trace()
    if len(_seen) < 4 and _seen.count("try") < 2:
        _seen.append("try")
        raise RuntimeError("again")
    return 1


def test_a_retried_parent_runs_neither_children_nor_traces_again() -> None:
    flyte.run(tried_again)
    assert (_seen.count("child"), _seen.count("trace"), _seen.count("try")) == (1, 1, 2)
