"""What is not lowered yet, each with its reason, and what is compiled around it."""

import asyncio

import flyte

env = flyte.TaskEnvironment("rows")


@env.task
async def double(row: int) -> int:
    return 2 * row


@env.task
def half(row: int) -> int:
    return row // 2


@env.task
async def loops(rows: list[int]) -> list[int]:
    first = await double(rows[0])
    waiting = []
    for row in rows:
        waiting.append(double(row))
    done = await asyncio.gather(*waiting)
    return [await double(first), *done]


@env.task
async def branches(row: int) -> int:
    if row > 3:
        row = await double(row)
    try:
        return await double(row)
    except ValueError:
        return 0


@env.task
def maps(rows: list[int]) -> list[int]:
    return list(flyte.map(half, rows))


@env.task
async def forgets(row: int) -> None:
    kept = double(row)
    print(kept)
