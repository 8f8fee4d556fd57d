"""The day is an argument, filled by who starts the run."""

from datetime import date, datetime, timedelta, timezone

import flyte

env = flyte.TaskEnvironment("weekday")


def default_day() -> date:
    return datetime.now(timezone.utc).date() - timedelta(days=1)


@env.task
async def load(day: date) -> list[float]:
    return [float(day.day)] * 3


@env.task
async def weekly(day: date) -> float:
    return float(day.isocalendar().week)


@env.task
async def render(day: date, values: list[float], note: str | None = None) -> str:
    made = datetime.now().strftime("%H:%M")
    return f"{day} {sum(values)} {note or ''} (made at {made})"


@env.task
async def main(day: date, days: int = 3) -> list[str]:
    reports = []
    for offset in range(days):
        current = day - timedelta(days=offset)
        values = await load(current)
        note = None
        if current.weekday() == 0:
            note = f"week {await weekly(current):.0f}"
        reports.append(await render(current, values, note))
    return reports


if __name__ == "__main__":
    flyte.init_from_config()
    run = flyte.run(main, day=default_day())
    print(f"started at {datetime.now()}: {run.url}")
