# drivers: ingest, hourly, reconcile
"""Hourly job with a cron trigger; idempotent ingest with a high-water mark kept in a task."""
import asyncio
import logging
from datetime import datetime, timedelta

import flyte
import sqlalchemy as sa
from flyte import Cron, Trigger

logger = logging.getLogger(__name__)

env = flyte.TaskEnvironment(
    name="hourly_ingest",
    resources=flyte.Resources(cpu=(1, 2), memory=("512Mi", "1Gi")),
    secrets=[flyte.Secret(key="db", as_env_var="DATABASE_URL")],
)

SOURCES = {"crm": ["accounts", "contacts"], "billing": ["invoices", "payments"]}


def engine():
    import os

    return sa.create_engine(os.environ["DATABASE_URL"])


@env.task
async def pull(source: str, entity: str, since: datetime, until: datetime) -> int:
    with engine().begin() as conn:
        return conn.execute(sa.text(f"insert into raw.{source}_{entity} select 1")).rowcount


@env.task
async def watermark(source: str, entity: str) -> datetime:
    return datetime(2024, 1, 1)


@env.task
async def advance(source: str, entity: str, to: datetime) -> None:
    logger.info("%s.%s -> %s", source, entity, to)


@env.task
async def row_count(table: str, layer: str) -> int:
    return 0


@env.task
async def ingest(source: str, entity: str, until: datetime, max_window: timedelta = timedelta(hours=6)) -> int:
    since = await watermark(source, entity)
    if since >= until:
        return 0
    rows = 0
    # big gaps are pulled window by window so that a failure loses one window only
    while since < until:
        upper = min(since + max_window, until)
        rows += await pull(source, entity, since, upper)
        await advance(source, entity, upper)
        since = upper
    return rows


@env.task(triggers=Trigger(name="hourly", automation=Cron("0 * * * *"), inputs={"sources": None}))
async def hourly(sources: list[str] | None = None) -> dict[str, int]:
    now = datetime.utcnow().replace(minute=0, second=0, microsecond=0)
    selected = sources or list(SOURCES)
    counts: dict[str, int] = {}
    for source in selected:
        entities = SOURCES.get(source)
        if entities is None:
            logger.error("no such source %s", source)
            continue
        with flyte.group(source):
            got = await asyncio.gather(*[ingest(source, e, now) for e in entities])
        counts.update({f"{source}.{e}": n for e, n in zip(entities, got)})
    return counts


@env.task
async def reconcile(sources: list[str], tolerance: float = 0.001) -> list[str]:
    problems = []
    pairs = [(s, e) for s in sources for e in SOURCES[s]]
    for s, e in pairs:
        raw = await row_count(f"{s}_{e}", layer="raw")
        mart = await row_count(f"{s}_{e}", layer="mart")
        off = abs(raw - mart) / raw if raw else float(mart > 0)
        problems += [f"{s}.{e}: {off:.2%} off"] if off > tolerance else []
    return problems


if __name__ == "__main__":
    flyte.init_from_config()
    flyte.deploy(env)
