"""Finds a root, one evaluation at a time."""

from typing import Callable

import flyte

env = flyte.TaskEnvironment("root")


@env.task
async def evaluate(x: float) -> float:
    return x**3 - x - 2


def widen(low: float, high: float, sign: Callable[[float], int]) -> tuple[float, float]:
    return low - sign(low), high + sign(high)


@env.task
async def main(low: float = 1, high: float = 2, tolerance: float = 1e-3) -> float:
    low, high = widen(low, high, lambda x: 1 if x > 0 else 0)
    value_low = await evaluate(low)
    while high - low > tolerance:
        middle = (low + high) / 2
        value = await evaluate(middle)
        if value == 0:
            return middle
        if (value < 0) == (value_low < 0):
            low, value_low = middle, value
        else:
            high = middle
    return (low + high) / 2
