"""Weights that add up to one, by a fixed number of rounds."""

import asyncio
from typing import Mapping

import flyte

quotes = flyte.TaskEnvironment("quotes", cache="auto")
env = flyte.TaskEnvironment("portfolio")
env.add_dependency(quotes)


@quotes.task
async def volatility(symbol: str, days: int = 250) -> float:
    return 0.1 + len(symbol) / days


@env.task
async def invert(values: dict[str, float]) -> dict[str, float]:
    return {name: 1 / value for name, value in values.items()}


def normalise(weights: Mapping[str, float]) -> dict[str, float]:
    total = sum(weights.values())
    return {name: weight / total for name, weight in weights.items()}


@env.task
async def main(symbols: list[str]) -> dict[str, float]:
    risks = dict(zip(symbols, await asyncio.gather(*map(volatility, symbols))))
    weights = normalise(await invert(risks))
    for symbol, weight in weights.items():
        print(f"{symbol:<8}{weight:.1%}")
    return weights
