"""Builds targets in the order of what they need."""

import asyncio
from graphlib import TopologicalSorter

import flyte

env = flyte.TaskEnvironment("build")


@env.task
async def build(target: str, inputs: list[str]) -> str:
    return f"{target}({', '.join(inputs)})"


@env.task
async def main(needs: dict[str, list[str]]) -> dict[str, str]:
    sorter = TopologicalSorter(needs)
    sorter.prepare()
    built: dict[str, str] = {}
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        outputs = await asyncio.gather(
            *[build(target, [built[need] for need in needs.get(target, [])]) for target in ready]
        )
        built.update(zip(ready, outputs))
        sorter.done(*ready)
    return built
