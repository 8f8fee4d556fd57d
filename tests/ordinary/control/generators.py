"""Generators, asynchronous ones too, between the calls."""

import itertools
from collections.abc import AsyncIterator, Iterator

import flyte

env = flyte.TaskEnvironment("generators")


@env.task
async def page(number: int) -> list[str]:
    return [f"{number}.{i}" for i in range(3)] if number < 4 else []


@env.task
async def store(names: list[str]) -> int:
    return len(names)


async def pages(start: int = 0) -> AsyncIterator[list[str]]:
    for number in itertools.count(start):
        found = await page(number)
        if not found:
            return
        yield found


def flatten(lists: list[list[str]]) -> Iterator[str]:
    for names in lists:
        yield from names


@env.task
async def main() -> int:
    everything = []
    async for names in pages():
        everything.append(names)
    odd = [names async for names in pages(1)]
    return await store(list(flatten(everything + odd)))
