# drivers: materialize_view, materialize_all, refresh_stale
"""Materialise feature views into the online store, in dependency order."""
import asyncio
import logging
from datetime import datetime, timedelta

import flyte
from pydantic import BaseModel, Field

logger = logging.getLogger("features")
logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")

env = flyte.TaskEnvironment(
    name="feature_store",
    secrets=[flyte.Secret(key="redis_url", as_env_var="REDIS_URL")],
    env_vars={"FEATURE_NAMESPACE": "prod"},
)


class FeatureView(BaseModel):
    name: str
    sql: str
    depends_on: list[str] = Field(default_factory=list)
    ttl_hours: int = 24
    entity: str = "user_id"


class Materialized(BaseModel):
    view: str
    rows: int
    at: datetime


@env.task
async def run_query(sql: str, since: datetime) -> str:
    return f"s3://features/tmp/{abs(hash(sql))}"


@env.task
async def validate(uri: str, entity: str) -> int:
    """Row count; raises if the entity column has nulls."""
    return 1000


@env.task
async def push_online(uri: str, view: str, ttl: int) -> None: ...


@env.task
async def last_run(view: str) -> datetime | None:
    return None


def topological(views: list[FeatureView]) -> list[list[FeatureView]]:
    done: set[str] = set()
    levels = []
    remaining = {v.name: v for v in views}
    while remaining:
        ready = [v for v in remaining.values() if set(v.depends_on) <= done]
        if not ready:
            raise ValueError(f"cycle among {sorted(remaining)}")
        levels.append(ready)
        for v in ready:
            del remaining[v.name]
            done.add(v.name)
    return levels


@env.task
async def materialize_view(view: FeatureView, since: datetime) -> Materialized:
    uri = await run_query(view.sql, since)
    rows = await validate(uri, view.entity)
    if rows:
        await push_online(uri, view.name, view.ttl_hours * 3600)
    else:
        logger.warning("%s is empty since %s", view.name, since)
    return Materialized(view=view.name, rows=rows, at=datetime.now())


@env.task
async def materialize_all(views: list[FeatureView], since: datetime) -> dict[str, Materialized]:
    out: dict[str, Materialized] = {}
    for depth, level in enumerate(topological(views)):
        with flyte.group(f"level-{depth}"):
            results = await asyncio.gather(*(materialize_view(v, since) for v in level))
        out |= {m.view: m for m in results}
    return out


@env.task
async def refresh_stale(views: list[FeatureView], max_age_hours: float = 6) -> list[str]:
    now = datetime.now()
    cutoff = now - timedelta(hours=max_age_hours)
    stamps = await asyncio.gather(*[last_run(v.name) for v in views])
    stale = [v for v, ts in zip(views, stamps) if ts is None or ts < cutoff]
    logger.info(f"{len(stale)}/{len(views)} views stale")
    if not stale:
        return []
    await materialize_all(stale, min((ts for ts in stamps if ts), default=cutoff))
    return [v.name for v in stale]


if __name__ == "__main__":
    flyte.init_from_config()
    demo = [FeatureView(name="user_7d", sql="select 1"), FeatureView(name="user_30d", sql="select 2", depends_on=["user_7d"])]
    flyte.run(refresh_stale, views=demo)
