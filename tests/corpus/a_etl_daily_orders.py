# drivers: load_day, backfill, main
"""Daily orders ETL: pull from the shop API, clean, load to the warehouse.

Kept deliberately boring. If you change the schema bump SCHEMA_VERSION.
"""
import argparse
import asyncio
import logging
from datetime import date, timedelta

import flyte
import httpx
import pandas as pd

logger = logging.getLogger(__name__)

SCHEMA_VERSION = 4
BASE_URL = "https://shop.internal/api/v2"
CHUNK = 500

env = flyte.TaskEnvironment(
    name="orders_etl",
    image=flyte.Image.from_debian_base().with_pip_packages("httpx", "pandas"),
    resources=flyte.Resources(cpu=1, memory="1Gi"),
)


@env.task(retries=3)
async def extract_page(day: str, page: int) -> list[dict]:
    async with httpx.AsyncClient(base_url=BASE_URL) as client:
        resp = await client.get("/orders", params={"day": day, "page": page, "size": CHUNK})
        resp.raise_for_status()
        return resp.json()["items"]


@env.task
async def count_pages(day: str) -> int:
    async with httpx.AsyncClient(base_url=BASE_URL) as client:
        resp = await client.get("/orders/count", params={"day": day})
        return -(-int(resp.json()["count"]) // CHUNK)


@env.task
async def clean(rows: list[dict]) -> list[dict]:
    df = pd.DataFrame(rows)
    df = df.drop_duplicates("order_id").dropna(subset=["customer_id"])
    df["total"] = df["total"].astype(float).round(2)
    return df.to_dict("records")


@env.task
async def write_partition(day: str, rows: list[dict], schema: int = SCHEMA_VERSION) -> int:
    path = f"/mnt/warehouse/orders/v{schema}/day={day}/part-0.parquet"
    pd.DataFrame(rows).to_parquet(path)
    return len(rows)


@env.task
async def load_day(day: str) -> int:
    """One day, end to end."""
    n_pages = await count_pages(day)
    if n_pages == 0:
        logger.info(f"nothing to load for {day}")
        return 0

    pages = await asyncio.gather(*[extract_page(day, p) for p in range(n_pages)])
    rows = [row for page in pages for row in page]
    logger.info(f"{day}: {len(rows)} raw rows from {n_pages} pages")
    cleaned = await clean(rows)
    dropped = len(rows) - len(cleaned)
    if dropped > 0.1 * len(rows):
        logger.warning("dropped %d of %d rows on %s", dropped, len(rows), day)
    return await write_partition(day, cleaned)


@env.task
async def backfill(start: str, days: int) -> dict[str, int]:
    first = date.fromisoformat(start)
    counts = {}
    for offset in range(days):
        day = (first + timedelta(days=offset)).isoformat()
        with flyte.group(f"day-{day}"):
            counts[day] = await load_day(day)
    return counts


@env.task
async def main(day: str = "", backfill_days: int = 0) -> dict[str, int]:
    day = day or date.today().isoformat()
    if backfill_days:
        return await backfill(day, backfill_days)
    return {day: await load_day(day=day)}


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--day", default="")
    parser.add_argument("--backfill-days", type=int, default=0)
    args = parser.parse_args()

    flyte.init_from_config()
    run = flyte.run(main, day=args.day, backfill_days=args.backfill_days)
    print(run.url)
    run.wait()
