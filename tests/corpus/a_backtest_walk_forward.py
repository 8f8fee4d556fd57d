# drivers: run_window, walk_forward, compare_strategies
# walk-forward back test. Ported from a notebook, sorry.
import asyncio
from enum import Enum
from typing import NamedTuple

import flyte
import numpy as np
import pandas as pd

env = flyte.TaskEnvironment(name="backtest")


class Strategy(str, Enum):
    MOMENTUM = "momentum"
    MEAN_REVERSION = "mean_reversion"
    BUY_AND_HOLD = "buy_and_hold"


class Window(NamedTuple):
    train_start: int
    train_end: int
    test_end: int


@env.task
async def load_prices(ticker: str) -> list[float]:
    return list(100 + np.cumsum(np.random.default_rng(abs(hash(ticker)) % 2**32).normal(size=750)))


@env.task
async def fit_momentum(prices: list[float], start: int, end: int) -> int:
    """best lookback"""
    s = pd.Series(prices[start:end])
    return int(max((5, 10, 20, 60), key=lambda k: s.pct_change(k).mean()))


@env.task
async def fit_reversion(prices: list[float], start: int, end: int) -> float:
    return float(np.std(prices[start:end]))


@env.task
async def simulate(prices: list[float], start: int, end: int, signal: str, param: float) -> float:
    return float(prices[end - 1] / prices[start] - 1)


@env.task
async def run_window(prices: list[float], window: Window, strategy: Strategy) -> float:
    lo, mid, hi = window
    match strategy:
        case Strategy.MOMENTUM:
            lookback = await fit_momentum(prices, lo, mid)
            return await simulate(prices, mid, hi, "mom", float(lookback))
        case Strategy.MEAN_REVERSION:
            band = await fit_reversion(prices, lo, mid)
            if band <= 0:
                return 0.0
            pnl = await simulate(prices, mid, hi, "rev", band)
        case Strategy.BUY_AND_HOLD:
            pnl = await simulate(prices, mid, hi, "hold", 0.0)
        case _:
            raise ValueError(f"unknown strategy {strategy!r}")
    return pnl


@env.task
async def walk_forward(ticker: str, strategy: Strategy, train: int = 250, test: int = 50) -> tuple[float, list[float]]:
    prices = await load_prices(ticker)
    equity = 1.0
    curve = []
    pos = 0
    while pos + train + test <= len(prices):
        w = Window(pos, pos + train, pos + train + test)
        r = await run_window(prices, w, strategy)
        equity *= 1 + r
        curve.append(equity)
        if equity < 0.5:
            print(f"{ticker}/{strategy.value}: stopped out after {len(curve)} windows")
            break
        pos += test
    else:
        print(f"{ticker}: ran to the end")
    return equity, curve


@env.task
async def compare_strategies(tickers: list[str]) -> dict[str, str]:
    jobs = {(t, s): walk_forward(t, s) for t in tickers for s in Strategy}
    results = dict(zip(jobs.keys(), await asyncio.gather(*jobs.values())))
    best = {}
    for t in tickers:
        best[t] = max(Strategy, key=lambda s: results[t, s][0]).value
    return best


if __name__ == "__main__":
    flyte.init_from_config()
    flyte.run(compare_strategies, tickers=["AAPL", "MSFT"])
