"""A strategy, run over windows of the past."""

import asyncio
from dataclasses import dataclass
from datetime import date, timedelta

import flyte

env = flyte.TaskEnvironment("backtest")


@dataclass(frozen=True)
class Window:
    start: date
    end: date


@dataclass(frozen=True)
class Outcome:
    window: Window
    gain: float
    trades: int = 0


def windows(start: date, count: int, days: int) -> list[Window]:
    length = timedelta(days=days)
    return [Window(start + i * length, start + (i + 1) * length) for i in range(count)]


@env.task(cache="auto")
async def prices(symbol: str, window: Window) -> list[float]:
    days = (window.end - window.start).days
    return [100 + (len(symbol) * day) % 7 for day in range(days)]


@env.task
async def simulate(window: Window, closes: list[float], threshold: float) -> Outcome:
    gain, trades = 0.0, 0
    for before, after in zip(closes, closes[1:]):
        if before < threshold:
            gain += after - before
            trades += 1
    return Outcome(window, gain, trades)


async def run_window(symbol: str, window: Window, threshold: float) -> Outcome:
    closes = await prices(symbol, window)
    return await simulate(window, closes, threshold)


@env.task
async def main(symbol: str, start: date, count: int = 12, threshold: float = 103.0) -> float:
    outcomes = await asyncio.gather(
        *[run_window(symbol, window, threshold) for window in windows(start, count, 30)]
    )
    traded = [outcome for outcome in outcomes if outcome.trades]
    return sum(outcome.gain for outcome in traded)
