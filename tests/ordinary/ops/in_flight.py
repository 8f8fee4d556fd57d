"""At most so many at once, the next when one is done."""

import asyncio
from collections import deque

import flyte

env = flyte.TaskEnvironment("in-flight")


@env.task
async def work(number: int) -> int:
    await asyncio.sleep(0)
    return number


@env.task
async def main(count: int = 10, at_once: int = 3) -> list[int]:
    waiting = deque(range(count))
    running: deque[asyncio.Task[int]] = deque()
    results: list[int] = []
    while waiting or running:
        while waiting and len(running) < at_once:
            running.append(asyncio.create_task(work(waiting.popleft())))
        results.append(await running.popleft())
    return results
