# drivers: run_rung, successive_halving, hyperband
"""Successive halving / hyperband, written with plain loops."""
import asyncio
import math
import typing as t

import flyte
from flyte import Resources

env = flyte.TaskEnvironment(name="halving", resources=Resources(cpu=1, memory="500Mi"))

ETA = 3


@env.task
async def train_for(config: dict[str, float], budget: int) -> float:
    """Pretend to train; returns validation loss."""
    loss = 1.0
    for step in range(1, budget + 1):
        loss -= config["lr"] * math.exp(-step / 10) * 0.01
    return max(loss, 0.0)


@env.task
def sample_configs(n: int, seed: int) -> list[dict[str, float]]:
    import random

    rng = random.Random(seed)
    return [{"lr": 10 ** rng.uniform(-4, -1), "wd": rng.random()} for _ in range(n)]


@env.task
async def run_rung(configs: list[dict[str, float]], budget: int) -> list[tuple[float, int]]:
    coros = []
    for cfg in configs:
        coros.append(train_for(cfg, budget))
    losses = await asyncio.gather(*coros)
    ranked = sorted((loss, i) for i, loss in enumerate(losses))
    return ranked


@env.task
async def successive_halving(n: int, min_budget: int, seed: int = 0) -> tuple[dict[str, float], float]:
    configs = await sample_configs.aio(n, seed)
    budget = min_budget
    best: t.Optional[dict[str, float]] = None
    best_loss = math.inf
    rung = 0
    while len(configs) > 1:
        with flyte.group(f"rung-{rung}"):
            ranked = await run_rung(configs, budget)
        keep = max(1, len(configs) // ETA)
        survivors = [configs[i] for _, i in ranked[:keep]]
        if ranked[0][0] < best_loss:
            best_loss, best = ranked[0][0], survivors[0]
        configs = survivors
        budget *= ETA
        rung += 1
    assert best is not None, "needs at least two configs"
    return best, best_loss


@env.task
async def hyperband(max_budget: int = 81) -> dict[str, float]:
    s_max = int(math.log(max_budget, ETA))
    brackets = []
    for s in range(s_max, -1, -1):
        n = math.ceil((s_max + 1) / (s + 1) * ETA**s)
        brackets.append(successive_halving(n, max(1, max_budget // ETA**s), seed=s))
    winners = await asyncio.gather(*brackets)
    config, loss = min(winners, key=lambda w: w[1])
    print(f"winner with loss={loss:.5f}: {config}")
    return config


if __name__ == "__main__":
    flyte.init()
    r = flyte.with_runcontext(mode="local").run(hyperband, max_budget=27)
    print(r.outputs())
