# drivers:
"""Strategies are plain tasks with one signature, so that the backtest can take any."""
import enum

import flyte

from .data import Bar

signal_env = flyte.TaskEnvironment("trading_signals")


class Side(enum.Enum):
    BUY = 1
    SELL = -1
    HOLD = 0


@signal_env.task
async def momentum(bars: list[Bar], window: int) -> int:
    if len(bars) <= window:
        return Side.HOLD.value
    return Side.BUY.value if bars[-1]["close"] > bars[-window]["close"] else Side.SELL.value


@signal_env.task
async def reversion(bars: list[Bar], window: int) -> int:
    return -Side.BUY.value


@signal_env.task
async def buy_and_hold(bars: list[Bar], window: int = 0) -> int:
    return 1


STRATEGIES = {f.name.rsplit(".", 1)[-1]: f for f in (momentum, reversion, buy_and_hold)}
BY_NAME = {"momentum": momentum, "reversion": reversion, "hold": buy_and_hold}
