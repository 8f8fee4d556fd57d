# drivers: gather_metrics, team_section, weekly_report, send_all
"""Weekly business report: query, chart, narrate, render, send."""
import asyncio
from datetime import date, timedelta
from typing import Any, NamedTuple, Optional

import flyte
import flyte.io
import flyte.report
import pandas as pd

env = flyte.TaskEnvironment(
    "weekly_report", image=flyte.Image.from_debian_base().with_pip_packages("pandas", "matplotlib", "jinja2")
)

TEAMS = {"growth": ["signups", "activation"], "core": ["latency", "errors", "uptime"], "sales": ["arr"]}


class Metric(NamedTuple):
    name: str
    value: float
    previous: float

    @property
    def change(self) -> float:
        return (self.value - self.previous) / self.previous if self.previous else float("inf")


class Section(NamedTuple):
    title: str
    html: str
    alerts: int


@env.task(retries=2, cache="auto")
async def query_metric(name: str, start: date, end: date) -> float:
    return float(len(name))


@env.task
async def chart(metric: Metric) -> str:
    return f"<img alt={metric.name!r}>"


@flyte.trace
async def narrate(title: str, facts: str) -> str:
    return f"{title}: {facts}"


@env.task
async def recipients(team: Optional[str] = None) -> list[str]:
    return ["all@example.com"] if team is None else [f"{team}@example.com"]


@env.task
async def send_mail(to: str, subject: str, html: str) -> bool:
    return True


@env.task
async def gather_metrics(names: list[str], end: date) -> list[Metric]:
    week = timedelta(days=7)
    now = [query_metric(n, end - week, end) for n in names]
    before = [query_metric(n, end - 2 * week, end - week) for n in names]
    values = await asyncio.gather(*now, *before)
    k = len(names)
    return [Metric(n, v, p) for n, v, p in zip(names, values[:k], values[k:])]


@env.task
async def team_section(team: str, names: list[str], end: date) -> Section:
    metrics = await gather_metrics(names, end)
    charts = await asyncio.gather(*[chart(m) for m in metrics if m.change != 0])
    alerts = [m for m in metrics if abs(m.change) > 0.2]
    facts = "; ".join(f"{m.name} {m.change:+.1%}" for m in metrics)
    text = await narrate(team.title(), facts)
    return Section(team, text + "".join(charts), len(alerts))


@env.task(report=True)
async def weekly_report(end: date | None = None) -> str:
    end = end or date.today()
    sections = await asyncio.gather(*(team_section(t, ns, end) for t, ns in TEAMS.items()))
    *others, last = sorted(sections, key=lambda s: s.alerts)
    summary = await narrate("Executive summary", last.html)
    body = "\n".join(s.html for s in [last, *reversed(others)])
    html = f"<h1>Week to {end:%d %B}</h1>{summary}{body}"
    await flyte.report.replace.aio(html)
    await flyte.report.flush.aio()
    return html


@env.task
async def send_all(end: date) -> int:
    html = await weekly_report(end)
    addresses: set[str] = set(await recipients())
    for team in TEAMS:
        addresses |= set(await recipients(team))
    sent = await asyncio.gather(*[send_mail(a, f"Report {end}", html) for a in sorted(addresses)])
    assert all(sent), "some mails bounced"
    return sum(sent)


if __name__ == "__main__":
    flyte.init_from_config()
    flyte.run(weekly_report, end=pd.Timestamp.today().date())
