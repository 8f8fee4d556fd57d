# drivers: build_schedule, improve, publish_month, what_if
"""Staff scheduling: solve week by week, carry over the hours, repair conflicts by local search."""
import asyncio
import calendar
import collections
import datetime as dt
import typing

import flyte

Shift = typing.NamedTuple("Shift", [("day", dt.date), ("kind", str), ("person", str)])

solver_env = flyte.TaskEnvironment("scheduler_solver", resources=flyte.Resources(cpu=4, memory="4Gi"))
env = flyte.TaskEnvironment("scheduler", depends_on=[solver_env])

STAFF = ["ann", "bo", "cy", "di"]
KINDS = ("early", "late", "night")


class Infeasible(Exception):
    pass


@solver_env.task(timeout=dt.timedelta(minutes=10))
async def solve_week(monday: dt.date, hours: dict[str, int], relaxed: bool = False) -> list[Shift]:
    days = [monday + dt.timedelta(d) for d in range(7)]
    order = sorted(STAFF, key=lambda s: hours.get(s, 0))
    return [Shift(d, k, order[(i + j) % len(order)]) for i, d in enumerate(days) for j, k in enumerate(KINDS)]


@solver_env.task
async def violations(shifts: list[Shift]) -> list[str]:
    nights = {(s.day, s.person) for s in shifts if s.kind == "night"}
    one = dt.timedelta(days=1)
    return [str(s) for s in shifts if s.kind == "early" and (s.day - one, s.person) in nights]


@solver_env.task
async def cost(shifts: list[Shift]) -> float:
    per = collections.Counter(s.person for s in shifts)
    return max(per.values()) - min(per.values())


@env.task
async def absences(month: dt.date) -> dict[str, list[dt.date]]:
    return {}


@env.task
async def send_calendar(person: str, shifts: list[Shift]) -> bool:
    return True


def swap(shifts, i, j):
    a, b = shifts[i], shifts[j]
    new = list(shifts)
    new[i], new[j] = a._replace(person=b.person), b._replace(person=a.person)
    return new


@env.task
async def build_schedule(year: int, month: int) -> list[Shift]:
    mondays = sorted({d - dt.timedelta(d.weekday()) for d in calendar.Calendar().itermonthdates(year, month)})
    hours: dict[str, int] = collections.defaultdict(int)
    schedule: list[Shift] = []
    for monday in mondays:
        try:
            week = await solve_week(monday, dict(hours))
        except Infeasible:
            week = await solve_week(monday, dict(hours), relaxed=True)
        for s in week:
            hours[s.person] += 8
        schedule += week
    return [s for s in schedule if s.day.month == month]


@env.task
async def improve(shifts: list[Shift], rounds: int = 5, width: int = 8) -> list[Shift]:
    best = shifts
    best_cost = await cost(best) + 10 * len(await violations(best))
    for r in range(rounds):
        neighbours = [swap(best, (r + k) % len(best), (r * 7 + 3 * k) % len(best)) for k in range(width)]
        costs = await asyncio.gather(*[cost(n) for n in neighbours])
        broken = await asyncio.gather(*[violations(n) for n in neighbours])
        totals = [c + 10 * len(v) for c, v in zip(costs, broken)]
        i = min(range(width), key=totals.__getitem__)
        if totals[i] >= best_cost:
            break
        best, best_cost = neighbours[i], totals[i]
    return best


@env.task
async def publish_month(year: int, month: int) -> int:
    schedule, away = await asyncio.gather(build_schedule(year, month), absences(dt.date(year, month, 1)))
    schedule = await improve(schedule)
    if problems := await violations(schedule):
        raise Infeasible("; ".join(problems[:3]))
    clashes = [s for s in schedule if s.day in away.get(s.person, ())]
    for clash in clashes:
        print("clash:", *clash)
    sent = [await send_calendar(p, [s for s in schedule if s.person == p]) for p in STAFF]
    return sum(sent)


@env.task
async def what_if(months: list[tuple[int, int]]) -> dict[str, float]:
    async def evaluate(y, m):
        return f"{y}-{m:02}", await cost(await build_schedule(y, m))

    return dict(await asyncio.gather(*[evaluate(*ym) for ym in months]))


if __name__ == "__main__":
    flyte.init_from_config()
    flyte.run(publish_month, year=2025, month=3)
