# drivers: section, monthly_report, all_reports, send_reports
"""Monthly reports; sync; match on tuples; generator helpers; try/finally."""
import calendar
import contextlib
import itertools
import logging
import tempfile
from datetime import date
from pathlib import Path
from string import Template

import flyte

logger = logging.getLogger("reports")
env = flyte.TaskEnvironment(name="reports", resources=flyte.Resources(cpu=1, memory="1Gi"))
TEMPLATE = Template("# $title\n\n$body\n")


@env.task
def query(sql: str) -> list[dict]:
    return [{"x": 1, "y": 2.0}]


@env.task
def line_chart(rows: list[dict], x: str, y: str) -> str:
    return "chart.svg"


@env.task
def bar_chart(rows: list[dict], x: str, y: str) -> str:
    return "bars.svg"


@env.task
def table(rows: list[dict], limit: int = 20) -> str:
    return "\n".join(str(r) for r in rows[:limit])


@env.task
def render(markdown: str, fmt: str) -> bytes:
    return markdown.encode()


@env.task
def send(to: str, attachment: bytes) -> bool:
    return True


@contextlib.contextmanager
def workdir():
    d = tempfile.mkdtemp()
    try:
        yield Path(d)
    finally:
        logger.debug("cleaning %s", d)


def months(year: int, upto: int = 12):
    for m in range(1, upto + 1):
        yield date(year, m, 1), date(year, m, calendar.monthrange(year, m)[1])


@env.task
def section(kind: str, title: str, sql: str) -> str:
    rows = query(sql)
    match (kind, len(rows)):
        case (_, 0):
            body = "*no data*"
        case ("line", n) if n > 1:
            body = f"![]({line_chart(rows, 'x', 'y')})"
        case ("line" | "bar", _):
            body = f"![]({bar_chart(rows, 'x', 'y')})"
        case ("table", n):
            body = table(rows, limit=min(n, 50))
        case (other, _):
            raise ValueError(f"unknown section kind {other!r}")
    return TEMPLATE.substitute(title=title, body=body)


@env.task
def monthly_report(team: str, start: date, end: date, fmt: str = "pdf") -> bytes:
    where = f"where team = '{team}' and day between '{start}' and '{end}'"
    parts = [
        section("line", "Revenue", f"select day as x, revenue as y from sales {where}"),
        section("bar", "By product", f"select product as x, sum(revenue) as y from sales {where} group by 1"),
    ]
    top = section("table", "Top customers", f"select * from customers {where} limit 50")
    parts.append(top)
    with workdir() as d:
        (d / "report.md").write_text("\n".join(parts))
        return render("\n".join(parts), fmt)


@env.task
def all_reports(teams: list[str], year: int, upto: int = 12) -> dict[str, bytes]:
    combos = list(itertools.product(teams, months(year, upto)))
    names, starts, ends = [], [], []
    for team, (start, end) in combos:
        names.append(team)
        starts.append(start)
        ends.append(end)
    reports = list(flyte.map(monthly_report, names, starts, ends))
    out = {}
    for (team, (start, _)), rep in zip(combos, reports):
        if isinstance(rep, Exception):
            logger.error("%s %s: %s", team, start, rep)
            continue
        out[f"{team}-{start:%Y-%m}"] = rep
    return out


@env.task
def send_reports(teams: list[str], year: int, recipients: dict[str, str]) -> int:
    sent = 0
    try:
        for name, body in all_reports(teams, year).items():
            team = name.split("-")[0]
            to = recipients.get(team)
            if to and send(to, body):
                sent += 1
    finally:
        send("ops@example.com", f"{sent} reports sent".encode())
    return sent
