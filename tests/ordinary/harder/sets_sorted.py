"""Sets, sorted before tasks are called; sets that only answer questions."""

import asyncio
import os
from pathlib import Path

import flyte

env = flyte.TaskEnvironment("sets")

SKIPPED = {"b", "c"}


@env.task
async def visit(name: str) -> list[str]:
    return [name + "x", name + "y"]


@env.task
async def names_in(folder: str) -> list[str]:
    return sorted(os.listdir(folder)) + [path.name for path in sorted(Path(folder).glob("*.txt"))]


@env.task
async def main(folder: str) -> int:
    names = set(await names_in(folder)) - SKIPPED
    found = await asyncio.gather(*[visit(name) for name in sorted(names)])
    every = {each for part in found for each in part}
    total = 0
    for name in names:
        total += len(name)
    if "ax" in every and len(names) > 3:
        await visit("ax")
    return total + len(every)
