"""Helpers without annotations between tasks with them."""

import asyncio
import json
from pathlib import Path

import flyte

env = flyte.TaskEnvironment("between")


def chunks(values, size):
    for start in range(0, len(values), size):
        yield values[start : start + size]


def flatten(lists):
    return [each for part in lists for each in part]


def settings(path):
    if path and Path(path).exists():
        return json.loads(Path(path).read_text())
    return {"size": 2, "factor": 1.5, "names": ["a", "b"]}


def pick(mapping, *names, default=None):
    return [mapping.get(name, default) for name in names]


@env.task
async def scale(values: list[int], factor: float) -> list[float]:
    return [value * factor for value in values]


@env.task
async def label(values: list[float], names: list[str]) -> dict[str, float]:
    return dict(zip(names, values))


@env.task
async def main(n: int = 5, path: str | None = None) -> dict[str, float]:
    config = settings(path)
    size, factor = pick(config, "size", "factor")
    parts = await asyncio.gather(*[scale(part, factor) for part in chunks(list(range(n)), size)])
    values = flatten(parts)
    if len(config["names"]) < len(values):
        config["names"] += [f"x{i}" for i in range(len(values))]
    names = config["names"][: len(values)]
    return await label(values, names)
