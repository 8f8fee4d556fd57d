"""An int is fine where a float is declared."""

import flyte

env = flyte.TaskEnvironment("numbers")


@env.task
async def half(x: float) -> float:
    return x / 2


@env.task
async def mean(values: list[float], weight: float = 1) -> float:
    return weight * sum(values) / len(values)


@env.task
async def main(n: int = 3) -> float:
    total: float = 0
    for i in range(n):
        total += await half(i)
    return await mean([total, 1, n], weight=n)
