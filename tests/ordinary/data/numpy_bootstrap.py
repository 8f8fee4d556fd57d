"""A bootstrap estimate: randomness stays in the leaves, with a seed."""

import asyncio

import flyte
import numpy as np

env = flyte.TaskEnvironment(
    "bootstrap", image=flyte.Image.from_debian_base().with_pip_packages("numpy")
)


@env.task(cache="auto")
async def resample(values: list[float], seed: int) -> float:
    generator = np.random.default_rng(seed)
    drawn = generator.choice(np.asarray(values), size=len(values), replace=True)
    return float(drawn.mean())


@env.task
async def interval(means: list[float], level: float) -> tuple[float, float]:
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


@env.task
async def main(values: list[float], rounds: int = 100, level: float = 0.95) -> dict[str, float]:
    means = await asyncio.gather(*(resample(values, seed=seed) for seed in range(rounds)))
    low, high = await interval(list(means), level)
    return {"low": low, "high": high, "width": high - low}
