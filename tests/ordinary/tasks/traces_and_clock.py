"""A clock that a resumed run doesn't read again."""

from datetime import datetime, timezone

import flyte

env = flyte.TaskEnvironment("clock")


@flyte.trace
async def today() -> str:
    return datetime.now(timezone.utc).date().isoformat()


@env.task
async def fetch(day: str) -> int:
    return int(day[-2:])


@env.task
async def main() -> int:
    day = await today()
    value = await fetch(day)
    if value > 15:
        value += await fetch(day[:-2] + "01")
    return value


@env.task
async def with_durable_clock() -> int:
    now = await flyte.durable.now.aio()
    await flyte.durable.sleep.aio(1)
    return await fetch(now.date().isoformat())
