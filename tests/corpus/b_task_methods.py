# drivers: Warehouse.restock, Warehouse.stocktake, Simulator.tick, Simulator.simulate, run_season
"""Tasks which live in classes (as static methods), to keep names together."""
import asyncio
import random
from dataclasses import dataclass

import flyte

env = flyte.TaskEnvironment("warehouse_sim", resources=flyte.Resources(cpu=1))


@dataclass
class Stock:
    sku: str
    count: int
    minimum: int = 10


@env.task
async def demand(sku: str, day: int) -> int:
    return random.Random(f"{sku}{day}").randint(0, 9)


class Warehouse:
    SKUS = ("bolt", "nut", "gear")

    @staticmethod
    @env.task
    async def count(sku: str) -> Stock:
        return Stock(sku, 20)

    @staticmethod
    @env.task(retries=2)
    async def order(sku: str, n: int) -> int:
        return n

    @staticmethod
    @env.task
    async def restock(stock: Stock) -> Stock:
        if stock.count >= stock.minimum:
            return stock
        missing = 2 * stock.minimum - stock.count
        arrived = await Warehouse.order(stock.sku, missing)
        return Stock(stock.sku, stock.count + arrived, stock.minimum)

    @staticmethod
    @env.task
    async def stocktake() -> list[Stock]:
        return await asyncio.gather(*[Warehouse.count(s) for s in Warehouse.SKUS])


class Simulator:
    @staticmethod
    @env.task
    async def tick(stocks: list[Stock], day: int) -> tuple[list[Stock], int]:
        wanted = await asyncio.gather(*[demand(s.sku, day) for s in stocks])
        lost = 0
        after = []
        for s, w in zip(stocks, wanted):
            sold = min(w, s.count)
            lost += w - sold
            after.append(Stock(s.sku, s.count - sold, s.minimum))
        refilled = await asyncio.gather(*(Warehouse.restock(s) for s in after))
        return list(refilled), lost

    @staticmethod
    @env.task
    async def simulate(days: int, closed_on: int | None = 6) -> int:
        stocks = await Warehouse.stocktake()
        total_lost = 0
        for day in range(days):
            if closed_on is not None and day % 7 == closed_on:
                continue
            stocks, lost = await Simulator.tick(stocks, day)
            total_lost += lost
        return total_lost


@env.task
async def run_season(lengths: list[int]) -> dict[int, int]:
    return {n: await Simulator.simulate(n) for n in lengths}


if __name__ == "__main__":
    flyte.init_from_config()
    flyte.run(run_season, lengths=[7, 30])
