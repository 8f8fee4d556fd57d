# drivers: materialize, train_ranker, refresh
"""Feature store materialisation. The pipeline is a class whose methods call tasks."""
import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

import flyte
import flyte.io
import polars as pl

env = flyte.TaskEnvironment("features", resources=flyte.Resources(cpu=2, memory="8Gi"))
train_env = flyte.TaskEnvironment("ranker", resources=flyte.Resources(cpu=8, memory="32Gi"), depends_on=[env])
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Feature:
    name: str
    entity: str
    window: timedelta
    expr: str


@dataclass
class Window:
    start: datetime
    end: datetime

    @classmethod
    def last(cls, delta: timedelta) -> "Window":
        now = datetime.utcnow().replace(minute=0, second=0, microsecond=0)
        return cls(now - delta, now)


@env.task(cache="auto")
async def compute(feature: Feature, window: Window) -> flyte.io.DataFrame:
    df = pl.scan_parquet(f"s3://events/{feature.entity}").filter(pl.col("ts") > window.start)
    return flyte.io.DataFrame.from_df(df.group_by(feature.entity).agg(pl.col(feature.expr).mean()).collect())


@env.task
async def join(left: flyte.io.DataFrame, right: flyte.io.DataFrame, on: str) -> flyte.io.DataFrame:
    return left


@env.task
async def validate(df: flyte.io.DataFrame, name: str) -> bool:
    return True


@env.task
async def push_online(df: flyte.io.DataFrame, table: str, ttl: int) -> int:
    return 0


class FeaturePipeline:
    def __init__(self, entity: str, features: list[Feature]):
        self.entity = entity
        self.features = [f for f in features if f.entity == entity]
        self.skipped: list[str] = []

    async def build_one(self, f: Feature):
        df = await compute(f, Window.last(f.window))
        if not await validate(df, f.name):
            self.skipped.append(f.name)
            return None
        return df

    async def build(self) -> flyte.io.DataFrame | None:
        frames = await asyncio.gather(*(self.build_one(f) for f in self.features))
        frames = [f for f in frames if f is not None]
        if not frames:
            return None
        table, *rest = frames
        for other in rest:
            table = await join(table, other, on=self.entity)
        return table

    @staticmethod
    async def publish(df, entity, *, ttl=3600):
        return await push_online(df, f"online_{entity}", ttl)


@env.task
async def materialize(entity: str, features: list[Feature]) -> int:
    pipeline = FeaturePipeline(entity, features)
    df = await pipeline.build()
    if df is None:
        log.warning("no feature for %s", entity)
        return 0
    return await FeaturePipeline.publish(df, entity, ttl=86400)


@train_env.task
def fit(df: flyte.io.DataFrame, trees: int) -> tuple[bytes, float]:
    import lightgbm as lgb

    return b"", 0.8


@train_env.task
async def train_ranker(features: list[Feature], grid: list[int]) -> bytes:
    df = await FeaturePipeline("user", features).build()
    assert df is not None
    models = await asyncio.gather(*[fit.aio(df, trees=n) for n in grid])
    model, auc = max(models, key=lambda m: m[1])
    if auc < 0.7:
        raise ValueError(f"auc {auc:.3f} is too low")
    return model


@train_env.task
async def refresh(features: list[Feature], retrain: bool) -> dict[str, int]:
    entities = sorted({f.entity for f in features})
    rows = {e: await materialize(e, features) for e in entities}
    if retrain and all(n > 0 for n in rows.values()):
        model = await train_ranker(features, grid=[100, 300, 1000])
        rows["model_bytes"] = len(model)
    return rows


if __name__ == "__main__":
    flyte.init_from_config()
    flyte.run(refresh, features=[Feature("ctr", "user", timedelta(days=7), "clicked")], retrain=False)
