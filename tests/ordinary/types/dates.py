from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path
from uuid import UUID, uuid5, NAMESPACE_URL

import flyte

env = flyte.TaskEnvironment("dates")


@env.task
async def parse(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)


@env.task
async def round_down(moment: datetime, to: timedelta) -> datetime:
    midnight = datetime.combine(moment.date(), time(), tzinfo=moment.tzinfo)
    return midnight + ((moment - midnight) // to) * to


@env.task
async def name(day: date, folder: str) -> str:
    identity: UUID = uuid5(NAMESPACE_URL, day.isoformat())
    return str(Path(folder) / f"{identity}.csv")


@env.task
async def main(text: str = "2024-01-01T12:34:00", hours: int = 1) -> str:
    moment = await parse(text)
    moment = await round_down(moment, timedelta(hours=hours))
    return await name(moment.date(), folder="out")
