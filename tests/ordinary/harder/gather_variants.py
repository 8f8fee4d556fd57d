"""All the ways in which people gather."""

import asyncio
from collections.abc import Sequence

import flyte

env = flyte.TaskEnvironment("gathers")


@env.task
async def number(x: int) -> int:
    return x


@env.task
async def word(x: int) -> str:
    return "x" * x


@env.task
async def nothing(x: int) -> None:
    print(x)


@env.task
async def total(xs: list[int]) -> int:
    return sum(xs)


@env.task
async def pairs(n: int = 3) -> list[tuple[int, str]]:
    numbers, words = await asyncio.gather(
        asyncio.gather(*[number(i) for i in range(n)]),
        asyncio.gather(*[word(i) for i in range(n)]),
    )
    return list(zip(numbers, words))


@env.task
async def mixed(n: int = 3) -> str:
    results = await asyncio.gather(number(n), word(n), nothing(n))
    count, text, _ = results
    if results[2] is None:
        return text * count
    return text


@env.task
async def errors(xs: list[int]) -> int:
    results = await asyncio.gather(*map(number, xs), return_exceptions=True)
    good = [r for r in results if not isinstance(r, BaseException)]
    bad = [r for r in results if isinstance(r, BaseException)]
    for error in bad:
        print("failed:", error)
    return await total(good)


@env.task
async def either(xs: list[int]) -> int:
    results = await asyncio.gather(*[number(x) for x in xs], return_exceptions=True)
    kept = []
    for x, result in zip(xs, results):
        if isinstance(result, Exception):
            print(x, "failed", result)
        else:
            kept.append(result)
    return len(kept)


async def all_of(xs: Sequence[int]) -> list[int]:
    return await asyncio.gather(*(number(x) for x in xs))


@env.task
async def main(n: int = 4) -> int:
    numbers = await all_of(range(n))
    more = await all_of([*numbers, *range(2)])
    return await total(numbers + more)
