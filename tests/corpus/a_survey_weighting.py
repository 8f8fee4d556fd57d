# drivers: rake, weighted_tables, sensitivity
import asyncio
import itertools
import math
from typing import Mapping, Sequence

import flyte
import numpy as np
import pandas as pd

# Survey raking (iterative proportional fitting). Every margin update is a task since the
# panel is big and lives in parquet shards.

env = flyte.TaskEnvironment("survey", resources=flyte.Resources(cpu=1, memory="2Gi"))

MARGINS: Mapping[str, Mapping[str, float]] = {
    "sex": {"f": 0.51, "m": 0.49},
    "age": {"18-34": 0.3, "35-64": 0.5, "65+": 0.2},
    "region": {"n": 0.4, "s": 0.6},
}


@env.task
async def base_weights(shard: str) -> list[float]:
    return [1.0] * len(pd.read_parquet(shard))


@env.task
async def margin_totals(shard: str, weights: list[float], var: str) -> dict[str, float]:
    df = pd.read_parquet(shard, columns=[var])
    return df.assign(w=weights).groupby(var)["w"].sum().to_dict()


@env.task
async def apply_factors(shard: str, weights: list[float], var: str, factors: dict[str, float]) -> list[float]:
    col = pd.read_parquet(shard, columns=[var])[var]
    return [w * factors.get(c, 1.0) for w, c in zip(weights, col)]


@env.task
async def crosstab(shard: str, weights: list[float], row: str, col: str) -> dict[str, float]:
    return {}


def add(dicts: Sequence[dict[str, float]]) -> dict[str, float]:
    out: dict[str, float] = {}
    for d in dicts:
        for k, v in d.items():
            out[k] = out.get(k, 0.0) + v
    return out


@env.task
async def rake(shards: list[str], variables: list[str], tol: float = 1e-4, cap: float | None = None) -> list[list[float]]:
    weights = list(await asyncio.gather(*[base_weights(s) for s in shards]))
    iteration, worst = 0, math.inf
    while worst > tol and iteration < 50:
        worst = 0.0
        for var in variables:
            totals = add(await asyncio.gather(*[margin_totals(s, w, var) for s, w in zip(shards, weights)]))
            n = sum(totals.values())
            factors = {k: share * n / totals[k] for k, share in MARGINS[var].items() if totals.get(k)}
            worst = max(worst, *(abs(f - 1) for f in factors.values()))
            weights = list(
                await asyncio.gather(*[apply_factors(s, w, var, factors) for s, w in zip(shards, weights)])
            )
        if cap is not None:
            weights = [[min(x, cap) for x in w] for w in weights]
        iteration += 1
    print(f"raked on {', '.join(variables)} in {iteration} iterations ({worst:.2e})")
    return weights


@env.task
async def weighted_tables(shards: list[str], questions: list[str]) -> dict[str, dict[str, float]]:
    weights = await rake(shards, list(MARGINS), cap=5.0)
    tables: dict[str, dict[str, float]] = {}
    for q, var in itertools.product(questions, MARGINS):
        parts = await asyncio.gather(*(crosstab(s, w, q, var) for s, w in zip(shards, weights)))
        tables[f"{q} x {var}"] = add(parts)
    return tables


@env.task
async def sensitivity(shards: list[str]) -> dict[str, float]:
    """Design effect with each subset of the variables."""
    deff = {}
    subsets = [c for r in (1, 2, 3) for c in itertools.combinations(MARGINS, r)]
    for names, weights in zip(subsets, await asyncio.gather(*[rake(shards, list(c)) for c in subsets])):
        flat = np.concatenate([np.asarray(w) for w in weights])
        deff["+".join(names)] = float(1 + flat.var() / flat.mean() ** 2)
    return deff
