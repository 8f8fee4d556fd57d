"""Asks until an answer is there."""

import asyncio

import flyte

env = flyte.TaskEnvironment("polling")


@env.task
async def submit(query: str) -> str:
    return f"query-{len(query)}"


@env.task
async def status(identity: str, attempt: int) -> str:
    return "done" if attempt > 2 else "running"


@env.task
async def fetch(identity: str) -> list[int]:
    return [len(identity)]


@env.task
async def main(query: str, attempts: int = 10) -> list[int]:
    identity = await submit(query)
    for attempt in range(attempts):
        state = await status(identity, attempt)
        if state == "done":
            return await fetch(identity)
        if state == "failed":
            raise RuntimeError(f"{identity} failed")
        await asyncio.sleep(0.01)
    raise TimeoutError(identity)
