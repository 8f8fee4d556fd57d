"""`asyncio.TaskGroup`, and tasks awaited later."""

import asyncio

import flyte

env = flyte.TaskEnvironment("task-group")


@env.task
async def download(part: int) -> bytes:
    return bytes([part])


@env.task
async def join(parts: list[bytes]) -> int:
    return len(b"".join(parts))


@env.task
async def main(parts: int = 3) -> int:
    async with asyncio.TaskGroup() as group:
        futures = [group.create_task(download(part)) for part in range(parts)]
        extra = group.create_task(download(99))
    return await join([*(future.result() for future in futures), extra.result()])


@env.task
async def later(parts: int = 3) -> int:
    first = asyncio.create_task(download(0))
    second = download(1)
    rest = [await download(part) for part in range(2, parts)]
    return await join([await first, await second, *rest])
