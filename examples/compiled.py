"""A compiled task: its body must be a graph.

What can't be part of one, a call in a loop, say, is an error when the program is compiled, not a
surprise when it runs. The graph shows that the three prices need nothing of each other.

flyte-compile examples/compiled.py --graph quote.svg -o build
flyte run --source examples build/compiled.plan.json quote --article lamp --pieces 12
"""

import asyncio
from dataclasses import dataclass

import flyte

env = flyte.TaskEnvironment("quotes")


@dataclass(frozen=True)
class Quote:
    article: str
    pieces: int
    total: float


@env.task
async def base_price(article: str) -> float:
    await asyncio.sleep(0.2)  # an answer takes its time
    return 10.0 + len(article)


@env.task
async def shipping(pieces: int) -> float:
    await asyncio.sleep(0.2)
    return 4.5 + 0.25 * pieces


@env.task
async def discount(pieces: int) -> float:
    await asyncio.sleep(0.2)
    return 0.1 if pieces >= 10 else 0.0


@env.task
async def make_quote(article: str, pieces: int, total: float) -> Quote:
    return Quote(article, pieces, round(total, 2))


@env.compiled_task
async def quote(article: str, pieces: int = 1) -> Quote:
    price = await base_price(article)
    parcel = await shipping(pieces)
    rebate = await discount(pieces)
    total = price * pieces * (1 - rebate) + parcel
    return await make_quote(article, pieces, total)
