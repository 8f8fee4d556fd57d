"""Reads day by day, stops at the first day without records."""

from datetime import date, timedelta

import flyte

env = flyte.TaskEnvironment("incremental")


@env.task(cache=flyte.Cache(behavior="override", version_override="v3"))
async def read_day(day: date) -> list[int]:
    return [day.toordinal() % 7] * (day.day % 5)


@env.task
async def store(day: date, records: list[int]) -> int:
    print(day.isoformat(), len(records))
    return len(records)


@env.task
async def main(first: date, limit: int = 31) -> int:
    day = first
    stored = 0
    while (day - first).days < limit:
        records = await read_day(day)
        if not records:
            break
        stored += await store(day, records)
        day += timedelta(days=1)
    return stored
