"""A sweep over parameters, results by parameter."""

import asyncio
from dataclasses import asdict, dataclass

import flyte

env = flyte.TaskEnvironment("sweep", cache="auto")


@dataclass(frozen=True)
class Point:
    pressure: float
    temperature: float


@dataclass
class Result:
    point: Point
    energy: float
    steps: int


@env.task(timeout=120, retries=1)
async def simulate(point: Point, steps: int = 100) -> Result:
    energy = point.pressure * point.temperature
    for step in range(steps):
        energy *= 1 - 1 / (step + 2)
    return Result(point, energy, steps)


@env.task
async def summarise(results: list[Result]) -> dict[str, float]:
    return {str(asdict(result.point)): result.energy for result in results}


@env.task
async def main(pressures: list[float], temperatures: list[float]) -> dict[str, float]:
    points = [Point(p, t) for p in pressures for t in temperatures]
    coarse = await asyncio.gather(*[simulate(point, steps=10) for point in points])
    interesting = sorted(coarse, key=lambda r: r.energy)[: max(1, len(coarse) // 2)]
    fine = await asyncio.gather(*[simulate(r.point, steps=1000) for r in interesting])
    return await summarise([*coarse, *fine])
