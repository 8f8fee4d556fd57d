"""Gathered results, taken apart."""

import asyncio

import flyte

env = flyte.TaskEnvironment("apart")


@env.task
async def pair(x: int) -> tuple[int, str]:
    return x, str(x)


@env.task
async def single(x: int) -> int:
    return x


@env.task
async def maybe_pair(x: int) -> tuple[int, int] | None:
    return (x, x) if x else None


@env.task
async def main(n: int = 2) -> int:
    (a, b), c = await asyncio.gather(pair(1), single(2))
    d, e = await asyncio.gather(*[single(i) for i in range(2)])
    total = a + len(b) + c + d + e
    for i, (number, text) in enumerate(await asyncio.gather(*[pair(j) for j in range(n)])):
        total += i + number + len(text)
    found = await maybe_pair(n)
    if found:
        left, right = found
        total += left - right
    numbers, texts = zip(*await asyncio.gather(pair(3), pair(4)))
    first, *_, last = await asyncio.gather(*(single(i) for i in range(n + 2)))
    [only] = await asyncio.gather(single(9))
    return total + sum(numbers) + len(texts) + first + last + only
