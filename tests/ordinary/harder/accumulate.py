"""Lists, dicts and sets filled in loops of all kinds, then passed on."""

import asyncio
from collections import defaultdict

import flyte

env = flyte.TaskEnvironment("accumulate")


@env.task
async def score(name: str, day: int) -> float:
    return len(name) * day


@env.task
async def report(rows: list[dict[str, float]]) -> int:
    return len(rows)


@env.task
async def table(columns: dict[str, list[float]]) -> int:
    return sum(map(len, columns.values()))


@env.task
async def main(names: list[str], days: int = 3) -> int:
    rows = []
    columns = defaultdict(list)
    best = {}
    for name in names:
        row = {}
        for day in range(days):
            value = await score(name, day)
            row[str(day)] = value
            columns[name].append(value)
            if value > best.get(name, 0):
                best[name] = value
        rows.append(row)
    rows.append(best)
    return await report(rows) + await table(dict(columns))


@env.task
async def flat(names: list[str], days: int = 3) -> list[float]:
    pending = []
    for name in names:
        if not name:
            continue
        for day in range(days):
            if day % 2:
                pending.append(score(name, day))
    pending.append(score("last", days))
    scores = await asyncio.gather(*pending)
    return [round(value, 1) for value in scores if value]


@env.task
async def extended(names: list[str]) -> list[float]:
    calls = []
    for name in names:
        calls.extend(score(name, day) for day in range(2))
    calls += [score("end", 1)]
    return list(await asyncio.gather(*calls))
