# drivers: score, grid, walk_forward
import asyncio
import datetime as dt
import itertools

import flyte

from .backtest import backtest, env


@env.task
async def score(index: str, strategy: str, window: int, start: dt.date, end: dt.date) -> float:
    results = await backtest(index, strategy, window=window, start=start, end=end)
    return sum(r.pnl for r in results)


@env.task
async def grid(index: str, start: dt.date, end: dt.date) -> tuple[str, int]:
    combos = list(itertools.product(["momentum", "reversion"], [5, 20, 60]))
    scores = await asyncio.gather(*[score(index, *combo, start, end) for combo in combos])
    best, _ = max(zip(combos, scores), key=lambda pair: pair[1])
    return best


@env.task
async def walk_forward(index: str = "SMALL", folds: int = 4) -> float:
    """Fit on one quarter, trade on the next."""
    start = dt.date(2023, 1, 1)
    quarter = dt.timedelta(days=91)
    total = 0.0
    for k in range(folds):
        with flyte.group(f"fold-{k}"):
            strategy, window = await grid(index, start, start + quarter)
            total += await score(index, strategy, window, start + quarter, start + 2 * quarter)
        start += quarter
    return total
