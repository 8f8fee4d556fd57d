"""Values cross by value, whichever executor runs the call: neither side can change the other's."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flyte._load import load_module, tasks_of
from flyte._run import RunOptions, resume, start
from flyte_compiler.pipeline import compile_task

SOURCE = """
import copy
from typing import Any

import flyte

env = flyte.TaskEnvironment("by-value")


def scribbled(value: Any) -> Any:
    if isinstance(value, list):
        for each in value:
            scribbled(each)
        value.append("scribble")
    elif isinstance(value, dict):
        for each in value.values():
            scribbled(each)
        value["scribble"] = True
    elif isinstance(value, set):
        value.add("scribble")
    return value


@env.task
async def scribble(value: list[Any]) -> list[Any]:
    return scribbled(value)


@env.task
def scribble_sync(value: list[Any]) -> list[Any]:
    return scribbled(value)


@env.task
async def main(value: list[Any]) -> list[Any]:
    before = copy.deepcopy(value)
    first = await scribble(value)
    kept = value == before
    scribbled(first)
    second = await scribble(value)
    return [kept, second == scribbled(before), first != second]


@env.task
def main_sync(value: list[Any]) -> list[Any]:
    before = copy.deepcopy(value)
    first = scribble_sync(value)
    kept = value == before
    scribbled(first)
    second = scribble_sync(value)
    return [kept, second == scribbled(before), first != second]
"""

scalars = st.none() | st.booleans() | st.integers() | st.text(max_size=4)
values = st.lists(
    st.recursive(
        scalars,
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.text(max_size=3), inner, max_size=3)
            | st.sets(st.integers(), max_size=3)
            | st.tuples(inner)
        ),
        max_leaves=6,
    ),
    max_size=4,
)


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The module, written once."""
    file = tmp_path_factory.mktemp("by_value") / "by_value_program.py"
    file.write_text(SOURCE)
    return file


@functools.cache
def plan_of(program: Path, driver: str) -> bytes:
    """The plan, made once."""
    return compile_task(str(program), driver)


@pytest.mark.parametrize("driver", ["main", "main_sync"])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=values)
def test_neither_side_can_change_the_others_value(
    program: Path, driver: str, value: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLYTE_STORE", str(program.parent / "store"))
    task = tasks_of(load_module(program))[f"by-value.{driver}"]
    plan = plan_of(program, driver)
    dynamic = start(task, {"value": value}, RunOptions())
    compiled = start(task, {"value": value}, RunOptions(plan=plan, source=program))
    assert dynamic.outputs()[0] == [True, True, True]
    assert compiled.outputs()[0] == [True, True, True]
    assert resume(dynamic.name).outputs() == dynamic.outputs()
