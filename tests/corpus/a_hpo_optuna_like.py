# drivers: Study.optimize, tune, tune_parallel, tune_many
"""Ask/tell optimisation with a little Study class. The class has a task method of its own."""
import asyncio
import logging
import math
from dataclasses import dataclass, field
from typing import Any

import flyte
from flyte import Resources

logger = logging.getLogger("tuner")
env = flyte.TaskEnvironment(name="tuner", resources=Resources(cpu=1, memory="1Gi"))


@dataclass
class Space:
    low: float
    high: float
    log: bool = False


@dataclass
class Observation:
    x: dict[str, float]
    y: float


@env.task(cache="auto")
async def objective(lr: float, dropout: float, width: float = 128.0) -> float:
    return (math.log10(lr) + 3) ** 2 + (dropout - 0.2) ** 2 + abs(width - 256) / 1000


@env.task
async def suggest(space: dict[str, Space], history: list[Observation], n: int) -> list[dict[str, float]]:
    import random

    return [{k: random.uniform(s.low, s.high) for k, s in space.items()} for _ in range(n)]


class Study:
    """Namespace for the study tasks."""

    @env.task
    async def optimize(space: dict[str, Space], n_trials: int, history: list[Observation]) -> list[Observation]:
        for i in range(n_trials):
            (point,) = await suggest(space, history, 1)
            value = await objective(**point)
            history.append(Observation(point, value))
            logger.info(f"trial {i}: {value:.4f}")
        return history

    @staticmethod
    def best(history: list[Observation]) -> Observation:
        return min(history, key=lambda o: o.y)


@env.task
async def tune(space: dict[str, Space], n_trials: int = 30) -> dict[str, float]:
    history = await Study.optimize(space, n_trials, [])
    return Study.best(history).x


@env.task
async def tune_parallel(space: dict[str, Space], rounds: int = 5, width: int = 8, target: float = 1e-3) -> Observation:
    history: list[Observation] = []
    for r in range(rounds):
        points = await suggest(space, history, width)
        values = await asyncio.gather(*[objective(**p) for p in points], return_exceptions=True)
        for p, v in zip(points, values):
            if isinstance(v, BaseException):
                logger.warning("point %s failed: %s", p, v)
                v = math.inf
            history.append(Observation(p, v))
        if (best := Study.best(history)).y <= target:
            logger.info("hit the target in round %d", r)
            return best
    return Study.best(history)


@env.task
async def tune_many(spaces: dict[str, dict[str, Space]]) -> dict[str, Any]:
    best = {name: await tune(space, n_trials=10) for name, space in spaces.items()}
    names = sorted(best, key=lambda n: best[n]["lr"])
    return {"order": names, "best": best}


if __name__ == "__main__":
    flyte.init_from_config()
    flyte.run(tune, space={"lr": Space(1e-5, 1e-1, log=True), "dropout": Space(0, 0.5)})
