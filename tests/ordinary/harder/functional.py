"""itertools, functools and operator between the calls."""

import asyncio
import functools
import itertools
import operator

import flyte

env = flyte.TaskEnvironment("functional")


@env.task
async def distance(a: tuple[float, float], b: tuple[float, float]) -> float:
    return ((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2) ** 0.5


@env.task
async def product(values: list[float]) -> float:
    return functools.reduce(operator.mul, values, 1.0)


@env.task
async def main(points: list[tuple[float, float]]) -> float:
    pairs = list(itertools.combinations(points, 2))
    distances = await asyncio.gather(*itertools.starmap(distance, pairs))
    by_size = sorted(zip(distances, pairs), key=operator.itemgetter(0))
    groups = {
        whole: [d for d, _ in members]
        for whole, members in itertools.groupby(by_size, key=lambda pair: int(pair[0]))
    }
    products = await asyncio.gather(*[product(values) for values in groups.values()])
    (shortest, _), *_ = by_size or [(0.0, None)]
    running = list(itertools.accumulate(products))
    return shortest + (running[-1] if running else 0.0)
