"""From raw CSV files to a table of daily sums."""

import asyncio

import flyte
import pandas as pd
from flyte.io import DataFrame, File

env = flyte.TaskEnvironment(
    "etl",
    image=flyte.Image.from_debian_base().with_pip_packages("pandas", "pyarrow"),
    resources=flyte.Resources(cpu="1", memory="2Gi"),
)


@env.task
async def extract(source: File) -> pd.DataFrame:
    path = await source.download()
    frame = pd.read_csv(path, parse_dates=["day"])
    return frame.dropna()


@env.task
async def transform(frame: pd.DataFrame, currency: str = "EUR") -> pd.DataFrame:
    frame = frame[frame["currency"] == currency]
    frame = frame.assign(total=frame["price"] * frame["pieces"])
    return frame.groupby("day", as_index=False)["total"].sum()


@env.task
async def load(frames: list[pd.DataFrame]) -> DataFrame:
    return DataFrame.from_df(pd.concat(frames))


@env.task
async def main(sources: list[File]) -> DataFrame:
    raw = await asyncio.gather(*[extract(source) for source in sources])
    clean = await asyncio.gather(*[transform(frame) for frame in raw])
    return await load(list(clean))
