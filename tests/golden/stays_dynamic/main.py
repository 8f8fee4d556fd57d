"""What is not lowered, each with its reason, and what is compiled around it."""

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
async def guards(row: int) -> int:
    first = await double(row)
    match first:
        case small if await double(small) < 10:
            first = small
        case _:
            first = 0
    return await double(first)


@env.task
def lazy(rows: list[int]) -> int:
    halves = (half(row) for row in rows)
    return next(halves)


@env.task
async def chained(row: int) -> bool:
    return 0 < row < await double(row)


@env.task
async def options(rows: list[int]) -> int:
    chosen = {"return_exceptions": True}
    return len(await asyncio.gather(*[double(row) for row in rows], **chosen))


@env.task
def mapped(rows: list[int]) -> list[int]:
    chosen = {"concurrency": 2}
    return list(flyte.map(half, rows, **chosen))


@env.task
async def shown(row: int) -> str:
    return f"{await double(row)=}"
