from typing import Tuple

import flyte

env = flyte.TaskEnvironment("tuples")


@env.task
async def min_max(values: list[float]) -> Tuple[float, float]:
    return min(values), max(values)


@env.task
async def head(values: list[str]) -> tuple[str, list[str]]:
    return values[0], values[1:]


@env.task
async def point(x: float, y: float) -> list[float]:
    return [x, y, x + y]


@env.task
async def main(values: list[float]) -> str:
    low, high = await min_max(values)
    (first, rest) = await head([str(value) for value in values])
    x, *others = await point(low, high)
    pair = await min_max([low, high, x])
    return f"{low} {high} {first} {len(rest)} {len(others)} {pair[0]} {pair[-1]}"
