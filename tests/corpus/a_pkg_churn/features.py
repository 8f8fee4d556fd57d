# drivers: build_features
import asyncio
from dataclasses import dataclass, field

import pandas as pd

from .envs import data_env


@dataclass
class FeatureSpec:
    tables: list[str] = field(default_factory=lambda: ["events", "billing"])
    window_days: int = 30
    drop_na: bool = True


@data_env.task
async def aggregate(table: str, window: int) -> str:
    df = pd.read_parquet(f"s3://raw/{table}")
    df.groupby("user_id").agg(["mean", "sum", "max"]).to_parquet(f"s3://feat/{table}-{window}")
    return f"s3://feat/{table}-{window}"


@data_env.task
async def join(parts: list[str], drop_na: bool) -> str:
    frames = [pd.read_parquet(p) for p in parts]
    out = pd.concat(frames, axis=1)
    if drop_na:
        out = out.dropna()
    out.to_parquet("s3://feat/joined")
    return "s3://feat/joined"


async def aggregate_tables(spec: FeatureSpec) -> list[str]:
    """Plain helper: fan out over the tables."""
    return await asyncio.gather(*[aggregate(t, spec.window_days) for t in spec.tables])


@data_env.task
async def build_features(spec: FeatureSpec) -> str:
    parts = await aggregate_tables(spec)
    return await join(parts, spec.drop_na)


def rename_columns(df: pd.DataFrame, prefix: str) -> pd.DataFrame:
    return df.rename(columns={c: f"{prefix}_{c}" for c in df.columns if c != "user_id"})


def column_stats(df):
    stats = {}
    for c in df.columns:
        stats[c] = (df[c].mean(), df[c].std(), df[c].isna().mean())
    return stats
