# drivers: train_quantiles, train_region, demand_models
"""Quantile demand models per region; the environment is chosen from the data size."""
import asyncio
import logging
from typing import Final

import flyte
import lightgbm as lgb
import polars as pl
from flyte.io import DataFrame, File

log: Final = logging.getLogger(__name__)
QUANTILES: Final = (0.1, 0.5, 0.9)
LARGE = 5_000_000

small = flyte.TaskEnvironment("lgbm_small", resources=flyte.Resources(cpu=2, memory="4Gi"))
large = small.clone_with("lgbm_large", resources=flyte.Resources(cpu=32, memory="128Gi"))
driver = flyte.TaskEnvironment("demand", depends_on=[small, large])


async def _fit(df: DataFrame, alpha: float, rounds: int) -> File:
    frame = await df.open(pl.DataFrame).all()
    booster = lgb.train({"objective": "quantile", "alpha": alpha}, lgb.Dataset(frame.to_numpy()), rounds)
    booster.save_model("/tmp/m.txt")
    return await File.from_local("/tmp/m.txt")


@small.task
async def fit_small(df: DataFrame, alpha: float, rounds: int = 200) -> File:
    return await _fit(df, alpha, rounds)


@large.task
async def fit_large(df: DataFrame, alpha: float, rounds: int = 200) -> File:
    return await _fit(df, alpha, rounds)


@small.task
async def count_rows(df: DataFrame) -> int:
    return 10


@small.task
async def region_slice(df: DataFrame, region: str) -> DataFrame:
    return df


@small.task
async def pinball(model: File, df: DataFrame, alpha: float) -> float:
    return 0.5


@driver.task
async def train_quantiles(df: DataFrame, rounds: int = 200) -> dict[str, File]:
    n = await count_rows(df)
    fit = fit_large if n > LARGE else fit_small
    log.info(f"{n} rows -> {fit.name}")
    models = await asyncio.gather(*(fit(df, alpha=q, rounds=rounds) for q in QUANTILES))
    return {f"q{int(q * 100)}": m for q, m in zip(QUANTILES, models)}


@driver.task
async def train_region(df: DataFrame, region: str, max_loss: float = 0.4) -> dict[str, float]:
    part = await region_slice(df, region)
    rounds = 200
    losses: dict[str, float] = {}
    for _ in range(3):
        models = await train_quantiles(part, rounds)
        losses = {}
        for (name, model), q in zip(models.items(), QUANTILES):
            losses[name] = await pinball(model, part, q)
        if all(v <= max_loss for v in losses.values()):
            return losses
        rounds *= 2
    log.warning("%s still above %.2f: %s", region, max_loss, losses)
    return losses


@driver.task
async def demand_models(df: DataFrame, regions: list[str]) -> tuple[dict[str, dict[str, float]], str]:
    per_region = await asyncio.gather(*[train_region(df, r) for r in regions])
    table = dict(zip(regions, per_region))
    worst = max(table, key=lambda r: table[r].get("q50", 0.0))
    return table, worst
