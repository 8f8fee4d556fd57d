"""The cache: values reused across runs, as long as nothing that they rest on has changed."""

from __future__ import annotations

import json
from collections.abc import Callable

from program import Program

Write = Callable[[str], Program]

SOURCE = """
import flyte

env = flyte.TaskEnvironment("reuse")
FACTOR = 2


def helper(x: int) -> int:
    return x * FACTOR


@env.task(cache="auto")
async def double(x: int) -> int:
    effect("double")
    return helper(x)


@env.task(cache=flyte.Cache(behavior="auto", ignored_inputs=("note",)))
def noted(x: int, note: str) -> int:
    effect("noted")
    return x


@env.task(cache="auto")
async def fails(x: int) -> int:
    effect("fails")
    raise ValueError("no")


@env.task(cache="auto")
async def cached_shape(xs: list[list[int]]) -> int:
    effect("shape")
    return len(xs)


@env.task
async def shapes() -> list[int]:
    return [await cached_shape(xs) for xs in ([[1], [2]], [[1, 2]], [[1, 2], []])]


@env.task(cache="auto")
async def driver(x: int) -> int:
    effect("driver")
    return await double(x)
"""


def outputs(program: Program, *words: str) -> object:
    ran = program.run("-of", "json", "run", "--no-progress", "main.py", *words)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)["outputs"]["o0"]


def rewrite(program: Program, old: str, new: str) -> None:
    file = program.folder / "main.py"
    source = file.read_text()
    assert old in source
    file.write_text(source.replace(old, new))


def test_a_second_run_is_served_from_the_cache(program: Write) -> None:
    written = program(SOURCE)
    assert outputs(written, "double", "--x", "4") == 8
    assert outputs(written, "double", "--x", "4") == 8
    assert outputs(written, "double", "--x", "5") == 10
    assert written.effects()["double"] == 2


def test_an_edited_helper_or_constant_is_a_miss(program: Write) -> None:
    written = program(SOURCE)
    assert outputs(written, "double", "--x", "4") == 8
    rewrite(written, "return x * FACTOR", "return x * FACTOR + 1")
    assert outputs(written, "double", "--x", "4") == 9
    rewrite(written, "FACTOR = 2", "FACTOR = 3")
    assert outputs(written, "double", "--x", "4") == 13


def test_a_comment_is_no_miss(program: Write) -> None:
    written = program(SOURCE)
    assert outputs(written, "double", "--x", "4") == 8
    rewrite(written, "return x * FACTOR", "return x * FACTOR  # twice")
    assert outputs(written, "double", "--x", "4") == 8
    assert written.effects()["double"] == 1


def test_a_drivers_value_rests_on_the_tasks_that_it_calls(program: Write) -> None:
    written = program(SOURCE)
    assert outputs(written, "driver", "--x", "4") == 8
    assert outputs(written, "driver", "--x", "4") == 8
    assert written.effects()["driver"] == 1
    rewrite(written, "FACTOR = 2", "FACTOR = 3")
    assert outputs(written, "driver", "--x", "4") == 12
    assert written.effects()["driver"] == 2


def test_ignored_inputs_are_ignored(program: Write) -> None:
    written = program(SOURCE)
    outputs(written, "noted", "--x", "1", "--note", "a")
    outputs(written, "noted", "--x", "1", "--note", "b")
    assert written.effects()["noted"] == 1


def test_an_error_is_never_reused(program: Write) -> None:
    written = program(SOURCE)
    for _ in range(2):
        assert written.run("run", "main.py", "fails", "--x", "1").returncode == 1
    assert written.effects()["fails"] == 2


def test_nested_lists_of_other_shape_are_other_inputs(program: Write) -> None:
    written = program(SOURCE)
    assert outputs(written, "shapes") == [2, 1, 2]
    assert written.effects()["shape"] == 3
