"""A keyword that the task doesn't have."""

import asyncio

import flyte

env = flyte.TaskEnvironment("faulty")


@env.task
async def load(path: str, limit: int = 1000) -> list[int]:
    print("ran load")
    return list(range(5000))[:limit]


@env.task
async def total(rows: list[int]) -> int:
    print("ran total")
    return sum(rows)


@env.task
async def main(path: str = "rows.csv") -> int:
    first, second = await asyncio.gather(
        load(path),
        load(path, limt=10),  # fault
    )
    return await total(first + second)


if __name__ == "__main__":
    flyte.init()
    run = flyte.with_runcontext(mode="local").run(main)
    print("result", run.outputs()[0])
