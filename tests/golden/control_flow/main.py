"""Every kind of control flow around calls, and variables that go through it."""

import asyncio
import contextlib

import flyte

env = flyte.TaskEnvironment("steps")


@env.task
async def grow(x: int, by: int = 1) -> int:
    return x + by


@env.task
async def check(x: int) -> int:
    if x > 3:
        raise ValueError(x)
    return x


@env.task
def weigh(x: int) -> int:
    return x % 5


@env.task
async def numbers(n: int) -> list[int]:
    return list(range(n))


@env.task
async def branches(n: int, kind: str) -> int:
    if n < 0:
        return 0
    found = await grow(n) if kind else n
    if found > 3 and await grow(found):
        found += await grow(found)
    elif kind == "small":
        found = -1
    match kind, found:
        case ("double", x):
            return await grow(x, x)
        case (str(), 1 | 2):
            found = await grow(found)
    return found


@env.task
async def loops(n: int) -> list[int]:
    kept: list[int] = []
    total = 0
    for i, x in enumerate(await numbers(n)):
        if x == 1:
            continue
        total += await grow(x, i)
        if total > 10:
            break
        kept.append(total)
    else:
        kept.append(await grow(total))
    while (total := await grow(total, -3)) > 0:
        kept.append(total)
    return kept


@env.task
async def recoveries(n: int) -> int:
    count = 0
    for attempt in range(3):
        try:
            count += 1
            found = await check(n - attempt)
        except ValueError as error:
            count += len(str(error))
            continue
        else:
            return found + count
        finally:
            await grow(count)
    with flyte.group(f"last-{count}"), contextlib.suppress(ValueError):
        return await check.override(retries=2)(n)
    return -1


@env.task
async def collections(n: int) -> dict[str, int]:
    pending = []
    for i in range(n):
        pending.append(grow(i))
    grown = await asyncio.gather(*pending, *(grow(i) for i in range(2)))
    later = asyncio.create_task(grow(n))
    heavy = {x for x in grown if weigh(x) > 1}  # flyte: ignore[FC206]
    pairs = [await grow(a, b) for a in grown for b in range(a) if b]
    mapped = [x async for x in flyte.map.aio(grow, grown, concurrency=2)]
    async with asyncio.TaskGroup() as group:
        last = group.create_task(grow(len(heavy)))
    return {"pairs": len(pairs), "mapped": len(mapped), "later": await later, "last": last.result()}
