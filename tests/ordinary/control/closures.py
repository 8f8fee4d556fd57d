"""Helpers inside drivers."""

import asyncio
from functools import partial, reduce

import flyte

env = flyte.TaskEnvironment("closures")


@env.task
async def scale(value: float, factor: float) -> float:
    return value * factor


@env.task
async def shift(value: float, by: float) -> float:
    return value + by


@env.task
async def main(values: list[float], factor: float = 2.0) -> float:
    count = 0

    async def both(value: float) -> float:
        nonlocal count
        count += 1
        scaled = await scale(value, factor)
        return await shift(scaled, by=1.0)

    twice = partial(scale, factor=2.0)
    results = await asyncio.gather(*map(both, values))
    doubled = [await twice(result) for result in results]
    print(count, "values")
    return reduce(lambda a, b: a + b, doubled, 0.0)
