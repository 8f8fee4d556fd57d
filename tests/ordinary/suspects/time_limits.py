"""Time limits of asyncio's own, and work in threads."""

import asyncio
import subprocess
import time

import flyte

env = flyte.TaskEnvironment("limits")


@env.task
async def slow(x: int) -> int:
    await asyncio.sleep(0.01)
    return x


def local_work(n: int) -> int:
    time.sleep(0.01)
    return n


@env.task
async def limited(x: int) -> int:
    try:
        async with asyncio.timeout(5):
            return await slow(x)
    except TimeoutError:
        return -1


@env.task
async def waited(x: int) -> int:
    try:
        return await asyncio.wait_for(slow(x), timeout=5)
    except TimeoutError:
        return -2


@env.task
async def shielded(x: int) -> int:
    call = asyncio.ensure_future(slow(x))
    try:
        return await asyncio.wait_for(asyncio.shield(call), 0.001)
    except asyncio.TimeoutError:
        return await call


@env.task
async def main(x: int = 1) -> int:
    n = await asyncio.to_thread(local_work, x)
    loop = asyncio.get_running_loop()
    m = await loop.run_in_executor(None, local_work, n)
    await asyncio.to_thread(subprocess.run, ["true"], check=True)
    await asyncio.to_thread(time.sleep, 0.01)
    return await limited(m) + await waited(n) + await shielded(x)
