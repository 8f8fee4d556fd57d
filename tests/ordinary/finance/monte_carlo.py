"""Option prices by simulation: every leaf has its own seed."""

import asyncio
import math
import random

import flyte

env = flyte.TaskEnvironment("monte-carlo")


@env.task
async def simulate(spot: float, volatility: float, paths: int, seed: int) -> float:
    generator = random.Random(seed)
    payoff = 0.0
    for _ in range(paths):
        end = spot * math.exp(generator.gauss(0, volatility))
        payoff += max(end - spot, 0.0)
    return payoff / paths


@env.task
async def main(spot: float = 100, volatility: float = 0.2, paths: int = 10_000) -> float:
    batches = 16
    per_batch, rest = divmod(paths, batches)
    sizes = [per_batch + (1 if i < rest else 0) for i in range(batches)]
    estimates = await asyncio.gather(
        *(simulate(spot, volatility, size, seed) for seed, size in enumerate(sizes) if size)
    )
    return sum(estimates) / len(estimates)
