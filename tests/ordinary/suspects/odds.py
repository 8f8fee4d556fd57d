"""Odds and ends that rules may trip over."""

import asyncio
import datetime as dt
import random
import time
from typing import Optional

import flyte

env = flyte.TaskEnvironment("odds")
rng = random.Random(42)


@env.task
async def score(x: float, seed: Optional[int] = None) -> float:
    r = random.Random(seed)
    return x + r.random()


@env.task(cache="auto")
async def cached(x: int) -> int:
    t = time.time()
    y = sum(range(x))
    print("took", time.time() - t)
    return y


@env.task
async def seeded(n: int = 3) -> list[float]:
    random.seed(7)
    order = list(range(n))
    random.shuffle(order)
    return [await score(float(i), seed=i) for i in order]


@env.task
async def budget(n: int = 3, seconds: float = 60.0) -> int:
    done = 0
    start = time.monotonic()
    for i in range(n):
        done += await cached(i)
        if i % 10 == 0:
            print(f"{i}/{n} {time.monotonic() - start:.0f}s, eta {dt.datetime.now()}")
    return done


@env.task
async def sampled_log(n: int = 3) -> int:
    total = 0
    for i in range(n):
        value = await cached(i)
        if random.random() < 0.1:
            print("sample", value)
        total += value
    return total


@env.task
async def jitter(n: int = 3) -> int:
    for attempt in range(n):
        try:
            return await cached(attempt)
        except flyte.errors.RuntimeUserError:
            await asyncio.sleep(random.uniform(0, 0.1))
    return 0


@env.task
async def timings(n: int = 3) -> dict[str, float]:
    out = {}
    t0 = time.perf_counter()
    value = await cached(n)
    out["seconds"] = time.perf_counter() - t0
    out["value"] = float(value)
    return out


@env.task
async def by_key(groups: dict[str, list[int]]) -> dict[str, int]:
    totals = {}
    for key in groups.keys():
        for x in set(groups[key]):
            totals[key] = totals.get(key, 0) + x
    unique = {len(v) for v in groups.values()}
    if len(unique) == 1:
        totals["n"] = await cached(min(unique))
    names = list({k.lower() for k in groups})
    names.sort()
    for name in names:
        totals[name] = await cached(len(name))
    return totals
