# drivers: sync_table, sync_database, full_refresh
# CDC from postgres to the lake. One driver per table.
import asyncio
import contextlib
import logging
import os

import asyncpg
import flyte

LOG = logging.getLogger("cdc")
DSN = os.environ.get("DSN", "postgresql://localhost/app")
TABLES = ["users", "orders", "order_items", "refunds"]
BIG = {"order_items"}

env = flyte.TaskEnvironment(name="cdc", resources=flyte.Resources(cpu=1, memory="1Gi"))


@env.task
async def get_watermark(table):
    return 0


@env.task
async def set_watermark(table, value):
    LOG.info("%s -> %s", table, value)


@env.task(retries=5)
async def read_changes(table: str, since: int, limit: int) -> tuple[list[dict], int]:
    conn = await asyncpg.connect(DSN)
    try:
        rows = await conn.fetch(f"select * from {table} where xmin::text::int > $1 limit $2", since, limit)
    finally:
        await conn.close()
    return [dict(r) for r in rows], max((r["xmin"] for r in rows), default=since)


@env.task
async def merge(table: str, rows: list[dict]) -> int:
    return len(rows)


@env.task
async def acquire_lock(name: str) -> bool:
    return True


@env.task
async def release_lock(name: str) -> None:
    pass


@contextlib.asynccontextmanager
async def table_lock(table):
    got = await acquire_lock(table)
    if not got:
        raise RuntimeError(f"{table} is locked by another run")
    try:
        yield table
    finally:
        await release_lock(table)


@env.task
async def sync_table(table: str, batch: int = 10_000) -> int:
    total = 0
    async with table_lock(table):
        mark = await get_watermark(table)
        while True:
            rows, new_mark = await read_changes(table, mark, batch)
            if not rows:
                break
            total += await merge(table, rows)
            mark = new_mark
            await set_watermark(table, mark)
            if len(rows) < batch:
                break
    return total


@env.task
async def sync_database(tables: list[str] = TABLES) -> dict[str, int]:
    def job(t):
        if t in BIG:
            return sync_table.override(resources=flyte.Resources(cpu=4, memory="16Gi"))(t, batch=100_000)
        return sync_table(t)

    counts = await asyncio.gather(*[job(t) for t in tables], return_exceptions=True)
    bad = {t: c for t, c in zip(tables, counts) if isinstance(c, BaseException)}
    if bad:
        for t, exc in bad.items():
            LOG.error("sync of %s failed", t, exc_info=exc)
        raise ExceptionGroup("cdc", list(bad.values()))
    return dict(zip(tables, counts))


@env.task
async def full_refresh(table: str) -> int:
    await set_watermark(table, 0)
    n = await sync_table(table)
    LOG.info(f"refreshed {table=} {n=}")
    return n


if __name__ == "__main__":
    flyte.init_from_config()
    run = flyte.run(sync_database)
    run.wait()
