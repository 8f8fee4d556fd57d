"""A synchronous task, called from asynchronous code."""

import asyncio

import flyte

env = flyte.TaskEnvironment("mixed")


@env.task
def legacy(x: int) -> int:
    return x * x


@env.task
async def modern(x: int) -> int:
    return x + 1


@env.task
async def main(numbers: list[int]) -> list[int]:
    squares = await asyncio.gather(*[legacy.aio(number) for number in numbers])
    first = await legacy.aio(x=numbers[0])
    return [await modern(square - first) for square in squares]
