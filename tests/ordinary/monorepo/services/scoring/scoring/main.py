import asyncio

import flyte

from . import tasks as t
from .tasks import env

flow = flyte.TaskEnvironment("scoring-flow", depends_on=[env])


@flow.task
async def main(count: int = 5, top: int = 2) -> list[float]:
    records = await t.read(count)
    scores = await asyncio.gather(*[t.score(record) for record in records])
    return sorted(scores, reverse=True)[:top]
