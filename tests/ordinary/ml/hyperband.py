"""Successive halving."""

import asyncio
import math
from dataclasses import dataclass, replace

import flyte

env = flyte.TaskEnvironment("hyperband")


@dataclass(frozen=True)
class Config:
    rate: float
    width: int
    budget: int = 1


@dataclass(frozen=True)
class Result:
    config: Config
    loss: float


@env.task
async def sample(count: int, seed: int) -> list[Config]:
    import random

    generator = random.Random(seed)
    return [
        Config(10 ** generator.uniform(-4, -1), generator.choice([16, 32])) for _ in range(count)
    ]


@env.task
async def train(config: Config) -> Result:
    return Result(config, abs(math.log10(config.rate) + 2.5) / config.budget)


@env.task
async def main(count: int = 27, factor: int = 3, seed: int = 7) -> Result:
    configs = await sample(count, seed)
    results: list[Result] = []
    while len(configs) >= 1:
        results = await asyncio.gather(*[train(config) for config in configs])
        results = sorted(results, key=lambda result: result.loss)
        if len(configs) == 1:
            break
        kept = results[: max(1, len(results) // factor)]
        configs = [replace(r.config, budget=r.config.budget * factor) for r in kept]
    return results[0]
