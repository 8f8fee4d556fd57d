import asyncio

import flyte
import pandas as pd

image = flyte.Image.from_debian_base().with_pip_packages("pandas")
env = flyte.TaskEnvironment("frames", image=image)


@env.task
async def fetch(region: str) -> pd.DataFrame:
    return pd.DataFrame({"region": [region], "sales": [len(region)]})


@env.task
async def forecast(sales: list[float], horizon: int) -> list[float]:
    return [sum(sales) / len(sales)] * horizon


@env.task
async def main(regions: list[str], horizon: int = 3) -> dict[str, list[float]]:
    frames = await asyncio.gather(*[fetch(r) for r in regions])
    df = pd.concat(frames)
    df = df.groupby("region").agg({"sales": "sum"}).reset_index()
    out = {}
    for i, row in df.iterrows():
        out[row["region"]] = await forecast(df["sales"].tolist(), horizon)
    n = int(df["sales"].max())
    out["max"] = await forecast([n, n / 2], horizon=max(1, n % 3))
    out["col"] = await forecast(df.sales.values.tolist(), len(df))
    return out
