"""Drivers of drivers, each in an environment that knows the next."""

import asyncio
from typing import NamedTuple

import flyte

leaves = flyte.TaskEnvironment("leaves")
branches = flyte.TaskEnvironment("branches", depends_on=[leaves])
trunk = flyte.TaskEnvironment("trunk", depends_on=[branches, leaves])


class Span(NamedTuple):
    low: int
    high: int


@leaves.task
async def leaf(x: int) -> int:
    return x * x


@leaves.task
def classic(x: int) -> int:
    return x + 1


@branches.task
async def branch(span: Span) -> int:
    values = await asyncio.gather(*[leaf(x) for x in range(*span)])
    return await classic.aio(sum(values))


@branches.task
def classic_branch(low: int, high: int) -> int:
    total = 0
    for x in range(low, high):
        total += classic(x)
    return total


@trunk.task
async def main(n: int = 10) -> int:
    half = n // 2
    left, right = await asyncio.gather(branch(Span(0, half)), branch(Span(half, n)))
    both = await classic_branch.aio(left % 5, high=right % 7)
    span = Span(low=0, high=both)
    return await branch(span) + await leaf(left)
