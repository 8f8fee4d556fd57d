"""Lists filled in nested loops, then gathered."""

import asyncio

import flyte

env = flyte.TaskEnvironment("nested")


@env.task
async def measure(city: str, hour: int) -> float:
    return len(city) + hour / 24


@env.task
async def main(cities: list[str], hours: int = 3) -> dict[str, float]:
    pending = []
    keys = []
    for city in cities:
        for hour in range(hours):
            pending.append(measure(city, hour))
            keys.append(f"{city}@{hour}")
    values = await asyncio.gather(*pending)
    return dict(zip(keys, values))


@env.task
async def as_list(cities: list[str], hours: int = 3) -> list[float]:
    coros = []
    for city in cities:
        for hour in range(hours):
            coros.append(measure(city, hour))
    return await asyncio.gather(*coros)


@env.task
async def table(cities: list[str], hours: int = 3) -> list[list[float]]:
    rows = []
    for city in cities:
        row = []
        for hour in range(hours):
            row.append(await measure(city, hour))
        rows.append(row)
    return rows


@env.task
async def by_city(cities: list[str]) -> dict[str, list[float]]:
    result: dict[str, list[float]] = {}
    for city in cities:
        coros = [measure(city, hour) for hour in range(24)]
        result[city] = await asyncio.gather(*coros)
    return result
