"""Coroutines that are kept in many places, and all awaited in the end."""

import asyncio
import contextlib
from functools import partial

import flyte

env = flyte.TaskEnvironment("kept")


@env.task
async def work(x: int) -> int:
    return x


@env.task
async def other(x: int) -> int:
    return -x


@env.task
async def clean(x: int) -> None:
    print(x)


async def all_of(*calls):
    return [await call for call in calls]


def made(x: int, reverse: bool):
    return other(x) if reverse else work(x)


class Batch:
    def __init__(self):
        self.calls = []

    def add(self, call):
        self.calls.append(call)
        return self

    async def run(self):
        return await asyncio.gather(*self.calls)


@env.task
async def main(n: int = 3) -> int:
    background = set()
    for i in range(n):
        task = asyncio.create_task(work(i))
        background.add(task)
        task.add_done_callback(background.discard)
    by_name = {name: work(len(name)) for name in ("a", "bb")}
    named = dict(zip(by_name, await asyncio.gather(*by_name.values())))
    batch = Batch().add(work(1)).add(other(2))
    batch.add(made(3, reverse=True))
    results = await batch.run()
    queue: asyncio.Queue = asyncio.Queue()
    queue.put_nowait(work(4))
    later = await queue.get()
    chosen = await (work(5) if n > 2 else other(5))
    pair = (await work(6), await other(7))
    one = await partial(work, 8)()
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(clean, n)
        more = await all_of(work(9), other(10))
    async with asyncio.TaskGroup() as group:
        group.create_task(clean(1))
        group.create_task(clean(2))
    await asyncio.gather(*background)
    return sum([*named.values(), *results, await later, chosen, *pair, one, *more])
