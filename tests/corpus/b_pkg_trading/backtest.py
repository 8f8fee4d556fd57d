# drivers: simulate_ticker, backtest
import asyncio
import datetime as dt
import math
from dataclasses import dataclass

import flyte

from .data import Bar, data_env, load_universe
from .strategies import BY_NAME, signal_env

env = flyte.TaskEnvironment("trading", depends_on=[data_env, signal_env])


@dataclass
class Result:
    ticker: str
    pnl: float
    trades: int
    sharpe: float = math.nan


@env.task
async def costs(trades: int) -> float:
    return 0.01 * trades


@env.task
async def simulate_ticker(ticker: str, bars: list[Bar], strategy: str, window: int) -> Result:
    decide = BY_NAME[strategy]
    position, cash, trades = 0, 0.0, 0
    returns = []
    for i in range(window, len(bars), 5):
        signal = await decide(bars[: i + 1], window)
        if signal == 0:
            continue
        price = bars[i]["close"]
        target = position + signal
        if -3 <= target <= 3:
            cash -= (target - position) * price
            position = target
            trades += 1
            returns.append(signal * (price - bars[i - 1]["close"]))
    fee = await costs(trades)
    last = bars[-1]["close"] if bars else 0.0
    r = Result(ticker, cash + position * last - fee, trades)
    if len(returns) > 1:
        mean = sum(returns) / len(returns)
        sd = math.sqrt(sum((x - mean) ** 2 for x in returns) / (len(returns) - 1))
        r.sharpe = mean / sd if sd else 0.0
    return r


@env.task
async def backtest(index: str, strategy: str, window: int, start: dt.date, end: dt.date) -> list[Result]:
    if strategy not in BY_NAME:
        raise KeyError(f"{strategy}? there are {', '.join(BY_NAME)}")
    universe = await load_universe(index, start, end)
    coros = {t: simulate_ticker(t, bars, strategy, window) for t, bars in universe.items()}
    results = await asyncio.gather(*coros.values())
    return sorted(results, key=lambda r: r.pnl, reverse=True)
