"""Measures itself; what it measures is only printed."""

import time
from datetime import datetime

import flyte

env = flyte.TaskEnvironment("timing")


@env.task
async def work(size: int) -> int:
    return sum(i * i for i in range(size))


@env.task
async def main(size: int = 1000) -> int:
    started = time.perf_counter()
    print("started at", datetime.now().isoformat())
    first = await work(size)
    second = await work(first % 1000)
    print(f"took {time.perf_counter() - started:.2f} s")
    return second
