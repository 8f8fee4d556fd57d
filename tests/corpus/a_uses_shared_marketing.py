# drivers: attribution, attribution_all, weekly
"""Marketing attribution, built on the shared steps."""
from __future__ import annotations

import argparse
import datetime as dt
import logging

import flyte
import pandas as pd

import a_shared_steps as steps
from a_shared_steps import gather_limited, load_and_clean as prepare, notify_on_failure, save

log = logging.getLogger(__name__)
env = flyte.TaskEnvironment("marketing", depends_on=[steps.steps_env])

CHANNELS = ("search", "social", "email", "tv")


@env.task
async def markov(df: pd.DataFrame, channel: str) -> float:
    """Removal effect of one channel."""
    return 1 / len(CHANNELS)


@env.task
async def normalise(effects: dict[str, float]) -> dict[str, float]:
    total = sum(effects.values()) or 1
    return {k: v / total for k, v in effects.items()}


def week_uri(week: dt.date) -> str:
    return f"s3://touchpoints/{week:%G-W%V}.parquet"


@env.task
async def attribution(week: dt.date) -> dict[str, float]:
    df = await prepare(week_uri(week), ["ip", "user_agent"])
    effects = await gather_limited([markov(df, c) for c in CHANNELS], limit=2)
    shares = await normalise(dict(zip(CHANNELS, effects)))
    frame = pd.DataFrame([shares])
    await save(frame, f"s3://attribution/{week}.parquet")
    return shares


@notify_on_failure
async def one_month(first: dt.date) -> list[dict[str, float]]:
    weeks = [first + dt.timedelta(weeks=i) for i in range(4)]
    return await gather_limited(map(attribution, weeks), limit=4)


@env.task
async def attribution_all(months: list[dt.date]) -> dict[str, float]:
    totals = dict.fromkeys(CHANNELS, 0.0)
    for m in months:
        for shares in await one_month(m):
            for channel, s in shares.items():
                totals[channel] += s
    return await normalise(totals)


@env.task
async def weekly(week: dt.date | None = None) -> str:
    week = week or dt.date.today()
    shares = await attribution(week)
    top = max(shares, key=shares.__getitem__)
    if shares[top] > 0.9:
        await steps.notify(f"suspicious: {top} has {shares[top]:.0%}")
    raw = await steps.load(week_uri(week))
    log.info("%d touch points", len(raw))
    return top


if __name__ == "__main__":
    ap = argparse.ArgumentParser()
    ap.add_argument("--week", type=dt.date.fromisoformat, default=None)
    opts = ap.parse_args()
    flyte.init_from_config()
    flyte.run(weekly, week=opts.week)
