"""Drivers that are hard to replay, one a function; each says what it did in a log of effects.

`CHECKS` says what each may return, whatever was killed where. `lucky` gives a random value, so
that one branch which is given another's record is noticed.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import flyte

env = flyte.TaskEnvironment("hard")


def effect(text: str) -> None:
    """Say, in a log that is not the journal, that something was done now."""
    key = flyte.ctx().idempotency_key if flyte.ctx() else "-"
    handle = os.open("effects", os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    os.write(handle, f"{text} {key}\n".encode())
    os.close(handle)
    on_effect = getattr(sys.modules.get("forks"), "ON_EFFECT", None)
    if on_effect is not None:
        on_effect()


@env.task
async def lucky(x: int) -> int:
    await asyncio.sleep(0.002 * random.random())
    effect(f"lucky {x}")
    return random.randrange(1 << 40)


@env.task
async def work(x: int, slow: int = 0) -> int:
    await asyncio.sleep(0.003 * slow)
    effect(f"work {x}")
    return x * x


@env.task
async def follow(x: int, after: int) -> int:
    effect(f"follow {x} {after}")
    return x


@env.task
def save(x: int) -> int:
    time.sleep(0.001)
    effect(f"save {x}")
    return x + 1


@env.task
async def fail(x: int) -> int:
    effect(f"fail {x}")
    raise ValueError(x)


@env.task
async def never(x: int) -> int:
    effect(f"never {x}")
    await asyncio.sleep(30)
    return x


@flyte.trace
async def look(x: int) -> None:
    effect(f"look {x}")


@flyte.trace
def peek(x: int) -> int:
    effect(f"peek {x}")
    return x


@flyte.trace
async def stumble(x: int) -> int:
    effect(f"stumble {x}")
    raise KeyError(x)


@flyte.trace
async def stream(x: int) -> AsyncIterator[int]:
    effect(f"stream {x}")
    for i in range(x):
        yield i


@flyte.trace
def items(x: int) -> Iterator[int]:
    effect(f"items {x}")
    yield from range(x)


@env.task
async def equal_calls() -> list[int]:
    together = await asyncio.gather(*[lucky(1) for _ in range(4)])
    return [*together, await lucky(1), await lucky(1)]


@env.task
async def same_in_a_loop() -> list[int]:
    return [await lucky(7) for _ in range(6)]


async def strand(name: int, steps: int) -> list[int]:
    got = [name]
    for _ in range(steps):
        got.append(await lucky(0))
        await follow(name, got[-1])
    return got


@env.task
async def four_speeds() -> list[list[int]]:
    async def paced(slow: int) -> list[int]:
        return [await work(i, slow) + await lucky(0) * 0 for i in range(3)]

    return await asyncio.gather(*[paced(slow) for slow in (3, 0, 2, 1)])


@env.task
async def queue_pool() -> list[int]:
    queue: asyncio.Queue[int] = asyncio.Queue()
    for i in range(9):
        queue.put_nowait(i)
    out: list[int] = []

    async def worker() -> None:
        while not queue.empty():
            x = queue.get_nowait()
            await work(x, x % 3)
            out.append(await follow(x, len(out)))

    await asyncio.gather(*[worker() for _ in range(3)])
    return out


@env.task
async def first_completed() -> list[int]:
    waiting = {asyncio.create_task(work(i, (i * 7) % 5)) for i in range(6)}
    out = []
    while waiting:
        done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for winner in done:
            out.append(await follow(winner.result(), len(out)))
    return out


@env.task
async def wait_for_all() -> list[int]:
    done, _ = await asyncio.wait([asyncio.create_task(lucky(i)) for i in range(12)])
    out = []
    for call in done:
        out.append(await follow(call.result(), len(out)))
    return out


@env.task
async def completed_strands() -> list[list[int]]:
    out = []
    for ended in asyncio.as_completed([strand(i, 2) for i in range(6)]):
        out.append(await ended)
        await follow(out[-1][0], len(out))
    return out


@env.task
async def task_group_strands() -> list[list[int]]:
    async with asyncio.TaskGroup() as group:
        strands = [group.create_task(strand(i, 2)) for i in range(4)]
    return [ended.result() for ended in strands]


@env.task
async def own_timer() -> list[int]:
    out = []
    for i in range(4):
        await asyncio.sleep(0.01)
        out.append(await work(i))

    async def ticking(x: int) -> int:
        await asyncio.sleep(0.004 * x)
        return await work(10 + x)

    return [*out, *await asyncio.gather(*[ticking(i) for i in range(4)])]


@env.task
async def own_thread() -> list[int]:
    out = [await work(0)]
    for i in range(3):
        await asyncio.to_thread(time.sleep, 0.005)
        out.append(await work(1 + i))
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(None, time.sleep, 0.005)
    return [*out, await work(9)]


@env.task
async def polling() -> list[int]:
    out = []
    for i in range(4):
        call = asyncio.ensure_future(work(i, 1))
        while not call.done():  # noqa: ASYNC110 - polling is the point
            await asyncio.sleep(0)
        out.append(call.result())
    return out


@env.task
async def cancels() -> list[int]:
    out = [await work(1)]
    for i in range(3):
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(never(i), timeout=0.01)
        out.append(await work(2 + i))
    racing = [asyncio.create_task(never(9)), asyncio.create_task(work(9))]
    await asyncio.wait(racing, return_when=asyncio.FIRST_COMPLETED)
    for call in racing:
        call.cancel()
    return [*out, await work(10)]


@env.task
async def group_fails() -> list[int]:
    out = [await work(1)]
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(never(1))
            group.create_task(strand(5, 1))
            group.create_task(fail(3))
    except* ValueError as errors:
        out.append(len(errors.exceptions))
    return [*out, await work(2)]


@env.task
async def tries() -> list[str]:
    out = []
    for i in range(3):
        try:
            await fail(i)
        except ValueError as error:
            out.append(f"{type(error).__name__} {error}")
        finally:
            await work(i)
    results = await asyncio.gather(fail(7), work(7), return_exceptions=True)
    return [*out, *[type(result).__name__ for result in results]]


@env.task
async def traces() -> list[object]:
    out: list[object] = [await look(1), peek(2), await work(3)]
    try:
        await stumble(4)
    except KeyError as error:
        out.append(str(error))
    out.extend([item async for item in stream(3)])
    out.extend(items(3))
    async for item in stream(5):
        out.append(item)
        break
    for item in items(6):
        out.append(item)
        break
    return [*out, await work(4)]


@env.task
async def inner(x: int) -> int:
    return sum(await asyncio.gather(*[work(x * 10 + i) for i in range(3)])) + save(x)


@env.task
def sync_inner(x: int) -> int:
    return save(x) + sum(flyte.map(work, [x, x + 1]))


@env.task
async def nested() -> list[int]:
    return [*await asyncio.gather(inner(1), sync_inner.aio(2), inner(3)), await sync_inner.aio(4)]


@env.task
def mapped() -> list[int]:
    first = [*flyte.map(work, range(5), concurrency=2)]
    return [*first, save(1), *flyte.map(save, range(3)), peek(5), *items(3)]


@env.task
async def mapped_async() -> list[int]:
    return [x async for x in flyte.map.aio(work, range(6), concurrency=3)]


@env.task
def thread_pool() -> list[list[int]]:
    def job(x: int) -> list[int]:
        return [x, save(0), save(x), peek(x)]

    with ThreadPoolExecutor(3) as pool:
        return list(pool.map(job, range(5)))


@env.task
def plain_threads() -> list[int]:
    out: dict[int, int] = {}

    def job(x: int) -> None:
        time.sleep(0.002 * (3 - x))
        out[x] = save(x) + save(0)

    threads = [threading.Thread(target=job, args=(x,)) for x in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [out[x] for x in range(3)]


@env.task
async def threads_that_call() -> list[int]:
    def job(x: int) -> int:
        return save(x) + save(0)

    return await asyncio.gather(*[asyncio.to_thread(job, x) for x in range(4)])


@env.task
def own_loop() -> list[object]:
    async def both() -> list[object]:
        ordered = [await ended for ended in asyncio.as_completed([strand(i, 1) for i in range(3)])]
        await asyncio.sleep(0.005)
        return [*sorted(ordered), await work(5)]

    return [save(1), *asyncio.run(both()), save(2)]


@env.task
async def locks() -> list[int]:
    room, out = asyncio.Semaphore(2), []

    async def one(x: int) -> None:
        async with room:
            await lucky(0)
            out.append(await follow(x, len(out)))

    await asyncio.gather(*[one(x) for x in range(6)])
    return out


Check = Callable[[Any], bool]


def _is(expected: object) -> Check:
    return lambda result: result == expected


def _permutes(*expected: object) -> Check:
    return lambda result: sorted(result) == sorted(expected)


def _named(*names: int) -> Check:
    return lambda result: sorted(got[0] for got in result) == sorted(names)


def _distinct(count: int) -> Check:
    return lambda result: len(set(result)) == count


CHECKS: dict[str, Check] = {
    "equal_calls": _distinct(6),
    "same_in_a_loop": _distinct(6),
    "four_speeds": _is([[0, 1, 4]] * 4),
    "queue_pool": _permutes(*range(9)),
    "first_completed": _permutes(*[i * i for i in range(6)]),
    "wait_for_all": _distinct(12),
    "completed_strands": _named(*range(6)),
    "task_group_strands": _named(*range(4)),
    "own_timer": _is([0, 1, 4, 9, 100, 121, 144, 169]),
    "own_thread": _is([0, 1, 4, 9, 81]),
    "polling": _is([0, 1, 4, 9]),
    "cancels": _is([1, 4, 9, 16, 100]),
    "group_fails": _is([1, 1, 4]),
    "tries": _is(["ValueError 0", "ValueError 1", "ValueError 2", "ValueError", "int"]),
    "traces": _is([None, 2, 9, "4", 0, 1, 2, 0, 1, 2, 0, 0, 16]),
    "nested": _is([367, 16, 2889, 46]),
    "mapped": _is([0, 1, 4, 9, 16, 2, 1, 2, 3, 5, 0, 1, 2]),
    "mapped_async": _is([0, 1, 4, 9, 16, 25]),
    "thread_pool": _is([[x, 1, x + 1, x] for x in range(5)]),
    "plain_threads": _is([2, 3, 4]),
    "threads_that_call": _is([2, 3, 4, 5]),
    "own_loop": lambda result: [result[0], *result[-2:]] == [2, 25, 3],
    "locks": _permutes(*range(6)),
}
"""Driver by driver, what it may return."""
