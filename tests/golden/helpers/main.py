"""Functions that call tasks: of this module and another, nested, as values, in classes."""

import asyncio
from collections.abc import Awaitable, Callable

from parts import scaled as by_ten
from shared import env, grow

import flyte


class Runner:
    def __init__(self, factor: int) -> None:
        self.factor = factor

    async def run(self, x: int) -> int:
        return await grow(x * self.factor)

    @classmethod
    async def once(cls, x: int) -> int:
        return await cls(2).run(x)


@flyte.trace
async def traced(x: int) -> int:
    return -x


async def search(xs: list[int], limit: int = 3) -> int:
    for x in xs:
        if await grow(x) > limit:
            return x
    return -1


async def applied(function: Callable[[int], Awaitable[int]], x: int) -> int:
    return await function(x)


STEPS = {"grow": grow, "search": search}


@env.task
async def main(n: int) -> int:
    count = 0

    async def counted(x: int) -> int:
        nonlocal count
        count += 1
        return await traced(await grow(x, count))

    several = await asyncio.gather(counted(n), by_ten(n), search(list(range(n)), limit=2))
    runner = Runner(n)
    total = sum(several) + await runner.run(n) + await Runner.once(n)
    total += await applied(grow, n) + await applied(counted, n) + await STEPS["grow"](n)
    calls = [lambda x, k=k: grow(x, k) for k in range(n)]
    for call in calls:
        total += await call(1)
    return total + count if n <= 0 else await main(n - 1)
