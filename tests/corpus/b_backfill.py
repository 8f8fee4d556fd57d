# drivers: daily, backfill, backfill_missing, repair
"""Daily job and its backfills."""
from __future__ import annotations

import asyncio
import sys
from datetime import date, datetime, timedelta, timezone
from functools import partial

import flyte

raw = flyte.TaskEnvironment("bf_raw", resources=flyte.Resources(cpu=1, memory="500Mi"))
agg = flyte.TaskEnvironment("bf_agg", resources=flyte.Resources(cpu=2, memory="4Gi"))
env = flyte.TaskEnvironment("backfill", depends_on=[raw, agg])

EPOCH = date(2020, 1, 1)


def days_between(first: date, last: date):
    d = first
    while d <= last:
        yield d
        d += timedelta(days=1)


@raw.task(retries=5)
async def extract(day: date, source: str) -> str:
    return f"s3://raw/{source}/{day}"


@agg.task
async def aggregate(paths: list[str], day: date, version: int = 1) -> str:
    return f"s3://agg/v{version}/{day}"


@agg.task
async def existing_partitions(first: date, last: date) -> set[date]:
    return set()


@agg.task
async def delete_partition(day: date) -> None: ...


@agg.task
async def row_count(path: str) -> int:
    return 10


@env.task(triggers=[flyte.Trigger("daily", flyte.Cron("15 3 * * *"), inputs={"day": flyte.TriggerTime})])
async def daily(day: datetime | date, sources: tuple[str, ...] = ("web", "app", "crm")) -> str:
    if isinstance(day, datetime):
        day = day.astimezone(timezone.utc).date()
    paths = await asyncio.gather(*[extract(day, s) for s in sources])
    out = await aggregate(list(paths), day)
    if await row_count(out) == 0:
        raise ValueError(f"{day} is empty")
    return out


@env.task
async def backfill(first: date, last: date, parallel: int = 7, keep_going: bool = True) -> list[str]:
    if not EPOCH <= first <= last:
        raise ValueError(f"bad range {first}..{last}")
    done: list[str] = []
    failed: list[date] = []
    days = list(days_between(first, last))
    for i in range(0, len(days), parallel):
        window = days[i : i + parallel]
        with flyte.group(f"{window[0]}..{window[-1]}"):
            results = await asyncio.gather(*map(daily, window), return_exceptions=keep_going)
        for day, res in zip(window, results):
            if isinstance(res, Exception):
                failed.append(day)
                print(day, "failed:", res, file=sys.stderr)
            else:
                done.append(res)
    if len(failed) > 0.1 * len(days):
        raise RuntimeError(f"{len(failed)} days failed, first {min(failed)}")
    return done


@env.task
async def backfill_missing(first: date, last: date) -> int:
    have = await existing_partitions(first, last)
    missing = [d for d in days_between(first, last) if d not in have]
    n = 0
    async for result in flyte.map.aio(partial(daily, sources=("web", "app")), missing, concurrency=10):
        if isinstance(result, Exception):
            continue
        n += 1
    return n


@env.task
async def repair(day: date) -> str:
    await delete_partition(day)
    for sources in (("web", "app", "crm"), ("web", "app"), ("web",)):
        try:
            return await daily(day, sources)
        except ValueError:
            continue
    raise LookupError(day)


if __name__ == "__main__":
    flyte.init_from_config()
    first, last = map(date.fromisoformat, sys.argv[1:3])
    print(flyte.run(backfill, first, last).url)
