# drivers: consume, consume_windows, mirror, paginate_all
"""Event feed consumers, with async generators that call tasks inside."""
import asyncio
import json
import logging
from collections import deque
from datetime import datetime
from typing import AsyncIterator

import flyte
import httpx

logger = logging.getLogger("feed")
env = flyte.TaskEnvironment("feed", resources=flyte.Resources(cpu=1, memory="1Gi"))

PAGE = 200


@env.task(retries=4)
async def get_page(feed: str, cursor: str | None) -> tuple[list[dict], str | None]:
    async with httpx.AsyncClient() as c:
        r = await c.get(feed, params={"cursor": cursor, "limit": PAGE})
    body = json.loads(r.text)
    return body["events"], body.get("next")


@env.task
async def enrich(events: list[dict]) -> list[dict]:
    return [{**e, "at": datetime.utcnow().isoformat()} for e in events]


@env.task
async def sink(events: list[dict], target: str) -> int:
    return len(events)


@env.task
async def anomaly(window: list[float]) -> bool:
    return max(window) > 3 * (sum(window) / len(window))


@env.task
async def dead_letter(events: list[dict], reason: str) -> None: ...


async def pages(feed: str, start: str | None = None) -> AsyncIterator[list[dict]]:
    cursor = start
    while True:
        events, cursor = await get_page(feed, cursor)
        if events:
            yield events
        if cursor is None:
            return


async def windows(feed: str, size: int):
    buf: deque[float] = deque(maxlen=size)
    async for events in pages(feed):
        for e in events:
            buf.append(float(e["value"]))
            if len(buf) == size:
                yield list(buf)


@env.task
async def consume(feed: str, target: str, max_events: int = 10_000) -> int:
    total = 0
    async for events in pages(feed):
        try:
            rich = await enrich(events)
            total += await sink(rich, target)
        except ValueError as e:
            await dead_letter(events, str(e))
        if total >= max_events:
            logger.info("enough")
            break
    return total


@env.task
async def consume_windows(feed: str, size: int = 50, stop_after: int = 3) -> int:
    alarms = 0
    async for w in windows(feed, size):
        if await anomaly(w):
            alarms += 1
            logger.warning(f"anomaly, last value {w[-1]:.2f}")
        if alarms >= stop_after:
            return alarms
    return alarms


@env.task
async def mirror(feed: str, targets: list[str]) -> dict[str, int]:
    totals = dict.fromkeys(targets, 0)
    pending: list[asyncio.Task] = []
    async for events in pages(feed):
        for t in targets:
            pending.append(asyncio.create_task(sink(events, t), name=t))
        if len(pending) > 100:
            done = await asyncio.gather(*pending)
            for task, n in zip(pending, done):
                totals[task.get_name()] += n
            pending = []
    for task, n in zip(pending, await asyncio.gather(*pending)):
        totals[task.get_name()] += n
    return totals


@env.task
async def paginate_all(feeds: list[str]) -> list[int]:
    async def count(feed: str) -> int:
        return sum([len(p) async for p in pages(feed)])

    return await asyncio.gather(*[count(f) for f in feeds])
