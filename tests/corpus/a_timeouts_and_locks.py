# drivers: cached_tiles, fetch_with_deadline, hedged_lookup, drain
"""Geocoder front: in-process cache with locks, deadlines, hedged requests, event-driven drain."""
import asyncio
import contextlib
import logging
import random
import time
from collections import defaultdict

import flyte
import httpx

logger = logging.getLogger(__name__)
env = flyte.TaskEnvironment(name="geocode", resources=flyte.Resources(cpu=1, memory="512Mi"))


@env.task(retries=1, timeout=30)
async def geocode(address: str, provider: str) -> tuple[float, float]:
    async with httpx.AsyncClient() as c:
        r = await c.get(f"https://{provider}/search", params={"q": address})
        return r.json()["lat"], r.json()["lon"]


@env.task
async def tile_for(lat: float, lon: float, zoom: int) -> str:
    return f"{zoom}/{int(lat * 100)}/{int(lon * 100)}"


@env.task
async def render(tile: str) -> bytes:
    return b"png"


class TileCache:
    def __init__(self) -> None:
        self._data: dict[str, bytes] = {}
        self._locks: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self.hits = 0

    async def get(self, tile: str) -> bytes:
        async with self._locks[tile]:
            if tile in self._data:
                self.hits += 1
                return self._data[tile]
            self._data[tile] = data = await render(tile)
            return data


@contextlib.asynccontextmanager
async def deadline(seconds: float, what: str):
    t0 = time.monotonic()
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError:
        logger.error("%s missed its deadline of %.0fs", what, seconds)
        raise
    finally:
        logger.debug("%s: %.2fs", what, time.monotonic() - t0)


@env.task
async def cached_tiles(points: list[tuple[float, float]], zoom: int = 14) -> int:
    cache = TileCache()
    tiles = await asyncio.gather(*[tile_for(lat, lon, zoom) for lat, lon in points])
    images = await asyncio.gather(*(cache.get(t) for t in tiles))
    logger.info(f"{cache.hits} hits, {sum(map(len, images))} bytes")
    return cache.hits


@env.task
async def fetch_with_deadline(addresses: list[str], seconds: float = 60.0) -> dict[str, tuple[float, float]]:
    found: dict[str, tuple[float, float]] = {}
    try:
        async with deadline(seconds, "geocoding"):
            for a in addresses:
                found[a] = await geocode(a, "nominatim.example")
    except TimeoutError:
        logger.warning("returning %d of %d", len(found), len(addresses))
    return found


@env.task
async def hedged_lookup(address: str, providers: list[str], delay: float = 2.0) -> tuple[float, float] | None:
    """Ask the first; if it's slow ask the second as well, and so on."""
    running: set[asyncio.Task] = set()
    for provider in providers:
        running.add(asyncio.create_task(geocode(address, provider)))
        done, running = await asyncio.wait(running, timeout=delay, return_when=asyncio.FIRST_COMPLETED)
        for t in done:
            if t.exception() is None:
                for r in running:
                    r.cancel()
                return t.result()
    if running:
        done, _ = await asyncio.wait(running)
        good = [t.result() for t in done if not t.exception()]
        return good[0] if good else None
    return None


@env.task
async def drain(addresses: list[str], providers: list[str]) -> int:
    stop = asyncio.Event()
    stats = {"ok": 0, "failed": 0}
    lock = asyncio.Lock()
    todo = list(addresses)
    random.shuffle(todo)

    async def worker(provider: str) -> None:
        while todo and not stop.is_set():
            address = todo.pop()
            try:
                await asyncio.shield(geocode(address, provider))
            except Exception:
                async with lock:
                    stats["failed"] += 1
                if stats["failed"] > 10:
                    stop.set()
            else:
                async with lock:
                    stats["ok"] += 1

    await asyncio.gather(*[worker(p) for p in providers])
    return stats["ok"]
