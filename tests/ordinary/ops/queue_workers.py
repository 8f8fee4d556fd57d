"""A queue with workers, inside the driver."""

import asyncio

import flyte

env = flyte.TaskEnvironment("queue")


@env.task
async def handle(message: str) -> int:
    return len(message)


async def worker(queue: asyncio.Queue[str], sizes: dict[str, int]) -> None:
    while not queue.empty():
        message = queue.get_nowait()
        sizes[message] = await handle(message)


@env.task
async def main(messages: list[str], workers: int = 2) -> dict[str, int]:
    queue: asyncio.Queue[str] = asyncio.Queue()
    for message in messages:
        queue.put_nowait(message)
    sizes: dict[str, int] = {}
    await asyncio.gather(*[worker(queue, sizes) for _ in range(workers)])
    return {message: sizes[message] for message in sorted(sizes)}
