"""Splits, works on parts, reduces in a tree."""

import asyncio

import flyte

env = flyte.TaskEnvironment("tree", resources=flyte.Resources(memory="512Mi"))


@env.task
async def part_sum(part: list[int]) -> int:
    return sum(part)


@env.task
async def add(left: int, right: int) -> int:
    return left + right


def split(values: list[int], size: int) -> list[list[int]]:
    return [values[start : start + size] for start in range(0, len(values), size)]


@env.task
async def main(values: list[int], size: int = 10) -> int:
    level = list(await asyncio.gather(*[part_sum(part) for part in split(values, size)]))
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2])
        rest = level[len(level) - len(level) % 2 :]
        level = [*await asyncio.gather(*[add(a, b) for a, b in pairs]), *rest]
    return level[0] if level else 0
