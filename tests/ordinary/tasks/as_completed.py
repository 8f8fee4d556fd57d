"""Results in the order in which they come; what is made of them has no order."""

import asyncio

import flyte

env = flyte.TaskEnvironment("completed")


@env.task
async def ping(host: str) -> int:
    return len(host)


@env.task
async def main(hosts: list[str]) -> int:
    total = 0
    for future in asyncio.as_completed([ping(host) for host in hosts]):
        total += await future
    return total


@env.task
async def limited(hosts: list[str], at_once: int = 4) -> list[int]:
    gate = asyncio.Semaphore(at_once)

    async def one(host: str) -> int:
        async with gate:
            return await ping(host)

    return await asyncio.gather(*[one(host) for host in hosts])


@env.task
async def with_deadline(host: str) -> int:
    try:
        return await asyncio.wait_for(ping(host), timeout=10)
    except asyncio.TimeoutError:
        return -1


@env.task
async def with_wait(hosts: list[str]) -> int:
    pending = {asyncio.ensure_future(ping(host)) for host in hosts}
    done, _ = await asyncio.wait(pending)
    return sum(future.result() for future in done)
