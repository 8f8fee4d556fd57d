"""Forecasts for a few shops: a driver over two tasks, each typed."""

import asyncio
from dataclasses import dataclass

import flyte

env = flyte.TaskEnvironment("shops")


@dataclass
class Sales:
    shop: str
    amounts: list[float]


@env.task
async def read_sales(shop: str, days: int = 7) -> Sales:
    return Sales(shop, [float(len(shop) + day % 3) for day in range(days)])


@env.task
async def forecast(sales: Sales, *, window: int = 3) -> float:
    recent = sales.amounts[-window:]
    return sum(recent) / len(recent)


@env.task
async def main(shops: list[str]) -> dict[str, float]:
    read = await asyncio.gather(*[read_sales(shop) for shop in shops])
    forecasts = await asyncio.gather(*[forecast(sales, window=2) for sales in read])
    return dict(zip(shops, forecasts, strict=True))


if __name__ == "__main__":
    print(flyte.run(main, shops=["north", "south"]).outputs()[0])
