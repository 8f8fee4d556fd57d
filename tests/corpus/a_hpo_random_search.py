# drivers: random_search, search_then_refit
"""Random search over a gradient boosting model."""
import asyncio
import random
from dataclasses import dataclass, field

import flyte
import numpy as np
from sklearn.datasets import fetch_california_housing
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.model_selection import cross_val_score

env = flyte.TaskEnvironment("hpo_random", resources=flyte.Resources(cpu=2, memory="4Gi"))


@dataclass
class Params:
    learning_rate: float = 0.1
    max_depth: int = 3
    n_estimators: int = 100
    subsample: float = 1.0


@dataclass
class Trial:
    params: Params
    score: float
    folds: list[float] = field(default_factory=list)


@env.task(cache="auto")
async def evaluate(params: Params, cv: int = 5) -> Trial:
    X, y = fetch_california_housing(return_X_y=True)
    model = GradientBoostingRegressor(
        learning_rate=params.learning_rate,
        max_depth=params.max_depth,
        n_estimators=params.n_estimators,
        subsample=params.subsample,
    )
    scores = cross_val_score(model, X, y, cv=cv, scoring="neg_mean_absolute_error")
    return Trial(params=params, score=float(np.mean(scores)), folds=[float(s) for s in scores])


@env.task
async def refit(params: Params) -> str:
    X, y = fetch_california_housing(return_X_y=True)
    GradientBoostingRegressor(**vars(params)).fit(X, y)
    return f"model-{hash(str(params)) & 0xFFFF:04x}"


def sample(rng: random.Random) -> Params:
    return Params(
        learning_rate=10 ** rng.uniform(-3, 0),
        max_depth=rng.choice([2, 3, 4, 6, 8]),
        n_estimators=rng.randrange(50, 500, 50),
        subsample=rng.uniform(0.5, 1.0),
    )


@env.task
async def random_search(n_trials: int, seed: int = 0) -> list[Trial]:
    rng = random.Random(seed)
    candidates = [sample(rng) for _ in range(n_trials)]
    results = await asyncio.gather(*(evaluate(c) for c in candidates), return_exceptions=True)

    trials: list[Trial] = []
    for candidate, result in zip(candidates, results):
        if isinstance(result, BaseException):
            print(f"trial {candidate} failed: {result!r}")
            continue
        trials.append(result)
    if not trials:
        raise RuntimeError("every trial failed")
    return sorted(trials, key=lambda t: t.score, reverse=True)


@env.task
async def search_then_refit(n_trials: int = 20) -> tuple[str, float]:
    best, *rest = await random_search(n_trials)
    print(f"best {best.score:.4f}; runner up {rest[0].score if rest else float('nan'):.4f}")
    return await refit(best.params), best.score


if __name__ == "__main__":
    flyte.init_from_config()
    print(flyte.run(search_then_refit, n_trials=8).outputs())
