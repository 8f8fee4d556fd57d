# drivers: load_universe
import asyncio
import datetime as dt
from typing import TypedDict

import flyte

data_env = flyte.TaskEnvironment("trading_data", cache="auto", resources=flyte.Resources(memory="2Gi"))


class Bar(TypedDict):
    day: str
    open: float
    close: float
    volume: int


@data_env.task(retries=4)
async def load_bars(ticker: str, start: dt.date, end: dt.date) -> list[Bar]:
    days = (end - start).days
    return [{"day": str(start + dt.timedelta(d)), "open": 1.0, "close": 1.0, "volume": d} for d in range(days)]


@data_env.task
async def members(index: str, on: dt.date) -> list[str]:
    return ["AAA", "BBB", "CCC"]


@data_env.task
async def load_universe(index: str, start: dt.date, end: dt.date) -> dict[str, list[Bar]]:
    tickers = await members(index, start)
    bars = await asyncio.gather(*(load_bars(t, start, end) for t in tickers))
    return {t: b for t, b in zip(tickers, bars) if b}
