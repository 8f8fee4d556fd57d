"""Joins two tables that cross as data frames."""

import flyte
import polars as pl
from flyte.io import DataFrame

env = flyte.TaskEnvironment(
    "join", image=flyte.Image.from_debian_base().with_pip_packages("polars")
)


@env.task
async def customers() -> DataFrame:
    return await DataFrame.from_local(pl.DataFrame({"id": [1, 2], "name": ["a", "b"]}))


@env.task
async def orders(year: int) -> DataFrame:
    return await DataFrame.from_local(pl.DataFrame({"id": [1, 1], "total": [year, 2 * year]}))


@env.task
async def join(left: DataFrame, right: DataFrame, on: str) -> DataFrame:
    a = await left.open(pl.DataFrame).all()
    b = await right.open(pl.DataFrame).all()
    return await DataFrame.from_local(a.join(b, on=on))


@env.task
async def main(year: int = 2024) -> DataFrame:
    left = await customers()
    right = await orders(year)
    return await join(left, right, on="id")
