"""Tasks outside a run, under a driver, and with other options."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

import flyte
from flyte._context import CURRENT_DRIVER

env = flyte.TaskEnvironment("task_test", resources=flyte.Resources(cpu=1), cache="auto")


@env.task
def double(x: int) -> int:
    """Twice."""
    return 2 * x


@env.task(retries=3, timeout=10, short_name="greeting")
async def greet(name: str, times: float = 1) -> str:
    return f"{name} {times}"


class RecordingDriver:
    """A driver that answers every call with the call itself."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, Mapping[str, object]]] = []

    def call(self, task: Any, arguments: Mapping[str, object]) -> Coroutine[Any, Any, Any]:
        self.calls.append((task.name, arguments))

        async def answer() -> object:
            return "answer"

        return answer()

    def call_blocking(self, task: Any, arguments: Mapping[str, object]) -> object:
        self.calls.append((task.name, arguments))
        return "answer"

    def trace(self, definition: Any, arguments: Mapping[str, object]) -> Any:
        raise NotImplementedError


@contextmanager
def driven() -> Iterator[RecordingDriver]:
    driver = RecordingDriver()
    token = CURRENT_DRIVER.set(driver)
    try:
        yield driver
    finally:
        CURRENT_DRIVER.reset(token)


def test_outside_a_run_a_call_is_the_function() -> None:
    assert double(4) == 8
    assert asyncio.run(greet("Ann", 2)) == "Ann 2"


def test_outside_a_run_aio_gives_the_value_once() -> None:
    assert asyncio.run(double.aio(4)) == 8
    assert asyncio.run(greet.aio("Ann")) == "Ann 1"


def test_under_a_driver_a_sync_call_is_an_action_and_blocks() -> None:
    with driven() as driver:
        answer: object = double(4)
    assert answer == "answer"
    assert driver.calls == [("task_test.double", {"x": 4})]


def test_under_a_driver_arguments_are_bound_when_the_call_is_made() -> None:
    with driven() as driver:
        coroutine = greet("Ann", times=2)
        assert driver.calls == [("task_test.greet", {"name": "Ann", "times": 2.0})]
        with pytest.raises(TypeError, match="no parameter is called `nme`"):
            greet(nme="x")  # type: ignore[call-arg, unused-coroutine]
    assert asyncio.run(coroutine) == "answer"


def test_under_a_driver_aio_of_a_sync_task_is_a_coroutine() -> None:
    with driven() as driver:
        coroutine = double.aio(1)
    assert len(driver.calls) == 1
    assert asyncio.run(coroutine) == "answer"  # type: ignore[comparison-overlap]


def test_forward_is_the_function_under_a_driver_too() -> None:
    with driven() as driver:
        assert double.forward(4) == 8
    assert driver.calls == []


def test_a_task_looks_like_its_function() -> None:
    assert (double.__name__, double.__doc__) == ("double", "Twice.")
    assert inspect.signature(double) == inspect.signature(double.forward)
    assert (double.name, double.short_name, double.kind) == ("task_test.double", "double", "task")
    assert greet.short_name == "greeting"
    assert double.source_file is not None
    assert double.source_file.samefile(__file__)


def test_options_come_from_the_environment_and_the_decorator() -> None:
    assert greet.options.cache.behavior == "auto"
    assert greet.options.resources == flyte.Resources(cpu=1)
    assert greet.options.retries == flyte.RetryStrategy(count=3)
    assert greet.options.timeout.max_runtime == timedelta(seconds=10)


def test_override_replaces_and_leaves_the_task_alone() -> None:
    changed = greet.override(retries=0, cache="disable", resources=None, env_vars={"A": "1"})
    assert changed.options.retries.count == 0
    assert not changed.options.cache.is_enabled()
    assert changed.options.resources is None
    assert changed.options.env_vars == {"A": "1"}
    assert (greet.options.retries.count, type(changed)) == (3, type(greet))
    assert asyncio.run(changed("Ann")) == "Ann 1"


@pytest.mark.parametrize("option", ["name", "image", "docs", "interface"])
def test_what_a_task_is_can_not_be_overridden(option: str) -> None:
    with pytest.raises(ValueError, match=f"`{option}` of a task can't be overridden"):
        greet.override(**{option: "x"})  # type: ignore[typeddict-item, misc]


def test_an_unknown_override_is_named_with_what_was_meant() -> None:
    with pytest.raises(TypeError, match=r"no option `retres`; did you mean `retries`\?"):
        greet.override(retres=2)  # type: ignore[call-arg]


def test_a_reusable_task_keeps_what_its_workers_have() -> None:
    warm = double.override(reusable=flyte.ReusePolicy(replicas=1))
    with pytest.raises(ValueError, match='add `reusable="off"`'):
        warm.override(resources=flyte.Resources(cpu=2))
    cold = warm.override(resources=flyte.Resources(cpu=2), reusable="off")
    assert cold.options.reusable is None


@pytest.mark.skipif(not hasattr(inspect, "markcoroutinefunction"), reason="Python 3.12")
def test_an_async_task_is_a_coroutine_function_to_libraries() -> None:
    assert inspect.iscoroutinefunction(greet)
