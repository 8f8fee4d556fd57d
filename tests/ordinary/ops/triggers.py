"""Runs every morning, and every hour."""

from datetime import datetime, timedelta

import flyte

nightly = flyte.Trigger(
    name="nightly",
    automation=flyte.Cron("0 6 * * *"),
    inputs={"when": flyte.TriggerTime, "limit": 100},
)

env = flyte.TaskEnvironment("scheduled")


@env.task
async def fetch(when: datetime, limit: int) -> int:
    return when.day * limit


@env.task(triggers=nightly)
async def main(when: datetime, limit: int = 10) -> int:
    total = 0
    for days in range(3):
        total += await fetch(when - timedelta(days=days), limit)
    return total
