"""Windows over a series, overlapping calls."""

import asyncio
from collections import deque
from typing import Iterable

import flyte

env = flyte.TaskEnvironment("windows")


def windows(values: Iterable[float], size: int) -> list[list[float]]:
    found, window = [], deque(maxlen=size)
    for value in values:
        window.append(value)
        if len(window) == size:
            found.append(list(window))
    return found


@env.task
async def smooth(window: list[float]) -> float:
    return sum(window) / len(window)


@env.task
async def peaks(values: list[float], threshold: float) -> list[int]:
    return [i for i, value in enumerate(values) if value > threshold]


@env.task
async def main(values: list[float], size: int = 3) -> list[int]:
    smoothed = await asyncio.gather(*(smooth(window) for window in windows(values, size)))
    mean = sum(smoothed) / len(smoothed) if smoothed else 0.0
    return await peaks(smoothed, threshold=mean)
