"""A user's tests: tasks called as functions."""

import asyncio

import flyte
import pytest

env = flyte.TaskEnvironment("tested")


@env.task
async def add(a: int, b: int = 1) -> int:
    if a + b > 9_999:
        raise OverflowError(a, b)
    return a + b


@env.task
async def main(values: list[int]) -> int:
    total = 0
    for value in values:
        total = await add(total, value)
    return total


def test_add():
    assert asyncio.run(add.forward(1, b=2)) == 3


@pytest.mark.parametrize(("values", "expected"), [([], 0), ([1, 2], 3)])
def test_main(values, expected):
    flyte.init()
    run = flyte.with_runcontext(mode="local").run(main, values=values)
    assert run.outputs()[0] == expected


def test_overflow():
    with pytest.raises(OverflowError):
        asyncio.run(add.forward(1, b=10_000))
