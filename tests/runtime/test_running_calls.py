"""Calls inside a run: concurrency, values, errors, in every kind of driver."""

from __future__ import annotations

import asyncio
import functools
import threading
import time
from dataclasses import dataclass, field
from typing import Any

import pytest

import flyte
from flyte import errors

env = flyte.TaskEnvironment("calls")


@dataclass
class Box:
    items: list[int] = field(default_factory=list)


@env.task
async def double(x: int) -> int:
    return 2 * x


@env.task
def triple(x: int) -> int:
    return 3 * x


@env.task
async def fill(box: Box) -> Box:
    box.items.append(len(box.items))
    return box


@env.task
async def fail(message: str) -> None:
    raise KeyError(message)


@env.task
async def meet(name: str, others: int) -> str:
    await asyncio.sleep(0.01)
    return f"{name}:{others}"


def outputs(task: Any, *args: Any, **kwargs: Any) -> Any:
    return flyte.run(task, *args, **kwargs).outputs()[0]


@env.task
async def async_driver(x: int) -> list[int]:
    first = await double(x)
    second = await triple.aio(first)
    return [first, second, *await asyncio.gather(double(second), triple.aio(second))]


def test_an_async_driver_calls_both_kinds_of_task() -> None:
    assert outputs(async_driver, 1) == [2, 6, 12, 18]


@env.task
def sync_driver(x: int) -> list[int]:
    return [triple(x), *flyte.map(double, range(3)), *flyte.map(triple, [4], concurrency=1)]


def test_a_sync_driver_calls_tasks_and_maps() -> None:
    assert outputs(sync_driver, 1) == [3, 0, 2, 4, 12]


@env.task
async def blocking_driver(x: int) -> int:
    return triple(x) + 1


def test_a_sync_task_called_in_an_async_driver_works() -> None:
    assert outputs(blocking_driver, 2) == 7


@env.task
def loop_driver(x: int) -> int:
    async def both() -> list[int]:
        return list(await asyncio.gather(double(x), double(x + 1)))

    return sum(asyncio.run(both()))


def test_a_sync_driver_may_make_a_loop_of_its_own() -> None:
    assert outputs(loop_driver, 1) == 6


@env.task
async def gathers(n: int) -> float:
    began = time.monotonic()
    await asyncio.gather(*[nap(0.2) for _ in range(n)])
    return time.monotonic() - began


@env.task
async def nap(seconds: float) -> None:
    await asyncio.sleep(seconds)


@env.task
def blocking_nap(seconds: float) -> None:
    threading.Event().wait(seconds)


@env.task
async def gathers_sync(n: int) -> float:
    began = time.monotonic()
    await asyncio.gather(*[blocking_nap.aio(0.2) for _ in range(n)])
    return time.monotonic() - began


@pytest.mark.parametrize("driver", [gathers, gathers_sync])
def test_a_gather_runs_its_calls_at_once(driver: Any) -> None:
    assert outputs(driver, 4) < 0.6


@env.task
def nested(depth: int) -> int:
    return 0 if depth == 0 else nested(depth - 1) + 1


def test_nesting_deeper_than_there_are_slots_does_not_deadlock() -> None:
    assert outputs(nested, 60) == 60


@env.task
async def shares() -> list[list[int]]:
    box = Box([7])
    returned = await fill(box)
    returned.items.append(99)
    again = await fill(box)
    return [box.items, returned.items, again.items]


def test_values_cross_by_value() -> None:
    assert outputs(shares) == [[7], [7, 1, 99], [7, 1]]


@env.task
async def snapshots() -> list[int]:
    box = Box([])
    call = fill(box)
    box.items.append(5)
    return (await call).items


def test_arguments_are_taken_when_the_call_is_made() -> None:
    assert outputs(snapshots) == [0]


@env.task
async def catches() -> list[str]:
    caught = []
    try:
        await fail("one")
    except KeyError as error:
        caught.append(type(error).__name__)
    try:
        await fail("two")
    except errors.RuntimeUserError as error:
        caught.append(error.code)
        caught.append(str(error.args[0]))
    results = await asyncio.gather(fail("three"), double(1), return_exceptions=True)
    caught.append(type(results[0]).__name__)
    return caught


def test_an_error_is_caught_as_its_own_class_and_as_a_user_error() -> None:
    assert outputs(catches) == ["KeyError", "KeyError", "two", "KeyError"]


def test_a_failing_run_raises_the_tasks_own_error() -> None:
    with pytest.raises(KeyError, match="gone") as raised:
        flyte.run(fail, "gone")
    assert raised.value.run.phase == "failed"  # type: ignore[attr-defined]  # set by the runtime


@env.task
async def unencodable() -> Any:
    return threading.Lock()


def test_a_result_without_an_encoding_is_an_error_that_says_so() -> None:
    with pytest.raises(TypeError, match="lock"):
        flyte.run(unencodable)


@env.task
def maps_with_errors() -> list[str]:
    results = flyte.map(picky, [1, 0, 2])
    return [type(result).__name__ for result in results]


@env.task
async def picky(x: int) -> int:
    return 1 // x


def test_map_gives_errors_as_results_unless_told_otherwise() -> None:
    assert outputs(maps_with_errors) == ["int", "ZeroDivisionError", "int"]


@env.task
def add(a: int, b: int) -> int:
    return a + b


@env.task
async def maps_async() -> list[int]:
    partial = functools.partial(add, b=10)
    return [x async for x in flyte.map.aio(partial, range(3), concurrency=2)]


def test_map_takes_partials_and_runs_in_async_drivers() -> None:
    assert outputs(maps_async) == [10, 11, 12]


@env.task
def returns_a_map(names: list[str]) -> list[str]:
    return flyte.map(upper, names)  # type: ignore[return-value]  # collected by the runtime


@env.task
def upper(name: str) -> str:
    return name.upper()


def test_a_returned_map_is_collected() -> None:
    assert outputs(returns_a_map, ["a", "b"]) == ["A", "B"]


def test_map_refuses_what_is_no_task() -> None:
    with pytest.raises(TypeError, match="tasks"):
        flyte.map(len, ["a"])


@env.task
async def leaves_calls_behind() -> int:
    left = asyncio.create_task(nap(30.0))
    await asyncio.sleep(0)
    assert not left.done()
    return 1


def test_a_driver_that_ends_cancels_what_it_left_running() -> None:
    began = time.monotonic()
    assert outputs(leaves_calls_behind) == 1
    assert time.monotonic() - began < 5


@env.task
async def times_out() -> str:
    try:
        await asyncio.wait_for(nap(30.0), timeout=0.05)
    except TimeoutError:
        return "timed out"
    return "waited"


def test_a_call_can_be_cancelled() -> None:
    assert outputs(times_out) == "timed out"


@env.task
async def polls() -> int:
    call = asyncio.ensure_future(double(21))
    while not call.done():  # noqa: ASYNC110 - polling is the point
        await asyncio.sleep(0)
    return call.result()


def test_a_driver_that_polls_starves_nobody() -> None:
    assert outputs(polls) == 42


@env.task
async def exits() -> None:
    raise SystemExit(3)


def test_a_task_that_exits_fails_and_the_engine_goes_on() -> None:
    with pytest.raises(SystemExit):
        flyte.run(exits)
    assert outputs(double, 4) == 8


async def run_in_loop() -> int:
    return (await flyte.run.aio(double, 3)).outputs()[0]


def test_a_run_works_inside_a_running_loop() -> None:
    async def notebook() -> list[int]:
        return [flyte.run(double, 2).outputs()[0], await run_in_loop()]

    assert asyncio.run(notebook()) == [4, 6]


def test_outside_a_run_tasks_are_their_functions() -> None:
    assert triple(2) == 6
    assert asyncio.run(double(2)) == 4
    assert asyncio.run(triple.aio(2)) == 6
    assert list(flyte.map(triple, [1, 2])) == [3, 6]
    assert not flyte.ctx()


def test_a_run_knows_its_name_phase_inputs_and_outputs() -> None:
    run = flyte.run(add, 1, b=2)
    assert run.name
    assert run.phase == "succeeded"
    assert run.inputs() == {"a": 1, "b": 2}
    assert run.outputs() == (3,)
    assert run.outputs().o0 == 3
    assert run.url.endswith(f"#{run.name}")
    assert run.wait() is None


@env.task
async def two() -> tuple[int, str]:
    return 1, "a"


def test_a_tuple_is_several_outputs() -> None:
    assert flyte.run(two).outputs().named_outputs == {"o0": 1, "o1": "a"}


@env.task
async def runs_inside() -> None:
    flyte.run(double, 1)


def test_a_run_inside_a_task_is_refused() -> None:
    with pytest.raises(RuntimeError, match="inside a task"):
        flyte.run(runs_inside)


@env.task
async def labelled() -> list[int]:
    with flyte.group("first"):
        one = await double(1)
    return [one, await double(1)]


def test_groups_work() -> None:
    assert outputs(labelled) == [2, 2]
