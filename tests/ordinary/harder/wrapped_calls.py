"""Tasks behind functions that take and give functions."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

import flyte

T = TypeVar("T")
R = TypeVar("R")

env = flyte.TaskEnvironment("wrapped")


@env.task
async def square(x: int) -> int:
    return x * x


@env.task
async def text_of(x: int) -> str:
    return str(x)


async def bounded(
    function: Callable[[T], Awaitable[R]], values: Iterable[T], limit: int = 4
) -> list[R]:
    gate = asyncio.Semaphore(limit)

    async def one(value: T) -> R:
        async with gate:
            return await function(value)

    return list(await asyncio.gather(*[one(value) for value in values]))


async def retrying(function: Callable[[], Awaitable[R]], attempts: int = 3) -> R:
    for attempt in range(attempts):
        try:
            return await function()
        except RuntimeError:
            if attempt == attempts - 1:
                raise
    raise AssertionError("unreachable")


@env.task
async def main(n: int = 5) -> list[str]:
    squares = await bounded(square, range(n))
    extra = await retrying(lambda: square(n))
    return await bounded(text_of, [*squares, extra], limit=2)
