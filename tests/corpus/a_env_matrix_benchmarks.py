# drivers: bench_one, bench_matrix, bench_regression, size_ladder
"""Benchmarks over instance sizes: overrides computed from data, aliases of overridden tasks."""
import asyncio
import itertools
import statistics
import typing
from dataclasses import dataclass

import flyte
import flyte.errors

env = flyte.TaskEnvironment(name="bench", resources=flyte.Resources(cpu=1, memory="1Gi"))

INSTANCES = {
    "small": flyte.Resources(cpu=1, memory="2Gi"),
    "medium": flyte.Resources(cpu=4, memory="16Gi"),
    "large": flyte.Resources(cpu=16, memory="64Gi"),
    "gpu": flyte.Resources(cpu=8, memory="32Gi", gpu="A10G:1"),
}


@dataclass
class Timing:
    instance: str
    query: str
    seconds: float
    cost: float = 0.0


@env.task(cache="disable")
def run_query(query: str, rows: int) -> float:
    import time

    t = time.perf_counter()
    sum(range(rows))
    return time.perf_counter() - t


@env.task
def price(instance: str) -> float:
    return {"small": 0.05, "medium": 0.2, "large": 0.8, "gpu": 1.0}[instance]


@env.task
async def load_baseline(query: str) -> float | None:
    return None


@env.task
async def report(lines: list[str]) -> str:
    return "\n".join(lines)


@env.task
async def bench_one(query: str, instance: str, rows: int, repeats: int = 5) -> Timing:
    sized = run_query.override(resources=INSTANCES[instance], short_name=f"{query}@{instance}")
    await sized.aio(query, rows)  # warm up
    samples = [await sized.aio(query, rows) for _ in range(repeats)]
    seconds = statistics.median(samples)
    hourly = await price.aio(instance)
    return Timing(instance, query, seconds, hourly * seconds / 3600)


@env.task
async def bench_matrix(queries: list[str], rows: int = 10**6, only: list[str] | None = None) -> dict[str, str]:
    names = only if only else list(INSTANCES)
    timings = await asyncio.gather(*[bench_one(q, i, rows) for q, i in itertools.product(queries, names)])
    cheapest: dict[str, Timing] = {}
    for t in timings:
        if t.query not in cheapest or t.cost < cheapest[t.query].cost:
            cheapest[t.query] = t
    return {q: t.instance for q, t in cheapest.items()}


@env.task
async def bench_regression(queries: list[str], slack: float = 1.2) -> str:
    lines: list[str] = []
    for q in queries:
        base, now = await asyncio.gather(load_baseline(q), bench_one(q, "medium", 10**6))
        if base is None:
            lines.append(f"{q}: new, {now.seconds:.3f}s")
        elif now.seconds > slack * base:
            # noisy neighbours: measure once more before shouting
            again = await bench_one(q, "medium", 10**6, repeats=15)
            lines.append(f"{q}: {'SLOWER' if again.seconds > slack * base else 'noise'}")
        else:
            lines.append(f"{q}: ok ({now.seconds / base:.0%})")
    return await report(lines)


@env.task
async def size_ladder(query: str, start: int = 1000, limit: float = 60.0) -> tuple[int, str]:
    """Grow the input until the largest machine can't cope."""
    rows = start
    rungs = iter(INSTANCES)
    instance = next(rungs)
    while True:
        try:
            seconds = await run_query.override(resources=INSTANCES[instance], timeout=limit).aio(query, rows)
        except (flyte.errors.OOMError, flyte.errors.TaskTimeoutError):
            bigger = next(rungs, None)
            if bigger is None:
                return rows, instance
            instance = bigger
            continue
        rows = int(rows * (4 if seconds < limit / 8 else 2))
