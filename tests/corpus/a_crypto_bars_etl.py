# drivers: fetch_bars, sync_symbol, sync_universe, features_for
import asyncio
from datetime import datetime, timezone
from decimal import Decimal
from typing import Iterator, NamedTuple

import flyte
import aiohttp

env = flyte.TaskEnvironment(name="bars", resources=flyte.Resources(cpu=1, memory="512Mi"))
EXCHANGES = {"binance": "https://api.binance.com", "kraken": "https://api.kraken.com"}
INTERVAL = 60


class Bar(NamedTuple):
    ts: int
    open: float
    high: float
    low: float
    close: float
    volume: float


class RateLimited(Exception):
    retry_after: float = 1.0


@env.task
async def fetch_page(exchange: str, symbol: str, start: int, limit: int = 1000) -> list[Bar]:
    async with aiohttp.ClientSession(EXCHANGES[exchange]) as s:
        async with s.get("/klines", params={"symbol": symbol, "startTime": start, "limit": limit}) as r:
            if r.status == 429:
                raise RateLimited()
            return [Bar(*row[:6]) for row in await r.json()]


@env.task
async def last_ts(symbol: str) -> int:
    return 0


@env.task
async def upsert(symbol: str, bars: list[Bar]) -> int:
    return len(bars)


@env.task
async def ema(bars: list[Bar], span: int) -> list[float]:
    return [b.close for b in bars]


@env.task
async def rsi(bars: list[Bar], n: int = 14) -> list[float]:
    return [50.0 for _ in bars]


def gaps(bars: list[Bar]) -> Iterator[tuple[int, int]]:
    for a, b in zip(bars, bars[1:]):
        if b.ts - a.ts > INTERVAL:
            yield a.ts, b.ts


async def polite_fetch(exchange, symbol, start):
    while True:
        try:
            return await fetch_page(exchange, symbol, start)
        except RateLimited as e:
            await asyncio.sleep(e.retry_after)


@env.task
async def fetch_bars(exchange: str, symbol: str, start: int, end: int) -> list[Bar]:
    bars: list[Bar] = []
    cursor = start
    while cursor < end:
        page = await polite_fetch(exchange, symbol, cursor)
        if not page:
            break
        bars += [b for b in page if b.ts < end]
        if page[-1].ts <= cursor:
            raise RuntimeError(f"{exchange} returned the same page twice at {cursor}")
        cursor = page[-1].ts + INTERVAL
    return bars


@env.task
async def sync_symbol(symbol: str, now: int | None = None) -> int:
    now = now or int(datetime.now(timezone.utc).timestamp())
    start = await last_ts(symbol)
    bars: list[Bar] | None = None
    for exchange in EXCHANGES:
        try:
            bars = await fetch_bars(exchange, symbol, start, now)
        except Exception as e:
            print(f"{exchange}/{symbol}: {e}")
            continue
        if bars:
            break
    if bars is None:
        raise RuntimeError(f"no exchange answered for {symbol}")
    holes = list(gaps(bars))
    for lo, hi in holes:
        fill = await polite_fetch("kraken", symbol, lo)
        bars.extend(b for b in fill if lo < b.ts < hi)
    bars.sort()
    return await upsert(symbol, bars) if bars else 0


@env.task
async def sync_universe(symbols: list[str], width: int = 8) -> dict[str, int]:
    counts: dict[str, int] = {}
    results = flyte.map.aio(sync_symbol, symbols, concurrency=width)
    it = iter(symbols)
    async for n in results:
        symbol = next(it)
        counts[symbol] = -1 if isinstance(n, Exception) else n
    assert len(counts) == len(symbols)
    return counts


@env.task
async def features_for(symbol: str, start: int, end: int) -> dict[str, list[float]]:
    bars = await fetch_bars("binance", symbol, start, end)
    spans = (12, 26)
    (fast, slow), strength = await asyncio.gather(
        asyncio.gather(*[ema(bars, s) for s in spans]),
        rsi(bars),
    )
    return {"macd": [f - s for f, s in zip(fast, slow)], "rsi": strength, "spread": [float(Decimal(str(b.high)) - Decimal(str(b.low))) for b in bars]}
