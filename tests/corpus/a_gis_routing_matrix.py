# drivers: distance_matrix, solve_day, plan_week, replan
"""Vehicle routing: distance matrix in blocks, solve per day, re-plan on failure."""
import asyncio
import math
from dataclasses import dataclass, replace
from enum import Enum

import flyte
from ortools.constraint_solver import pywrapcp

env = flyte.TaskEnvironment("routing", resources=flyte.Resources(cpu=4, memory="4Gi"))
BLOCK = 100


class Status(Enum):
    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    TIMEOUT = "timeout"


@dataclass
class Stop:
    lat: float
    lon: float
    demand: int = 1


@dataclass
class Problem:
    stops: list[Stop]
    vehicles: int
    capacity: int
    seconds: int = 60


@dataclass
class Solution:
    status: Status
    routes: list[list[int]]
    km: float = math.inf


@env.task(cache="auto")
async def block(origins: list[Stop], destinations: list[Stop]) -> list[list[float]]:
    return [[math.hypot(o.lat - d.lat, o.lon - d.lon) * 111 for d in destinations] for o in origins]


@env.task
async def solve(problem: Problem, matrix: list[list[float]]) -> Solution:
    pywrapcp.RoutingIndexManager(len(problem.stops), problem.vehicles, 0)
    return Solution(Status.FEASIBLE, [[0, 1, 0]], 12.0)


@env.task
async def two_opt(solution: Solution, matrix: list[list[float]]) -> Solution:
    return solution


@env.task
async def export(day: str, solution: Solution) -> str:
    return f"s3://routes/{day}.json"


@env.task
async def distance_matrix(stops: list[Stop]) -> list[list[float]]:
    blocks = [stops[i : i + BLOCK] for i in range(0, len(stops), BLOCK)]
    rows = await asyncio.gather(*[asyncio.gather(*[block(a, b) for b in blocks]) for a in blocks])
    matrix: list[list[float]] = []
    for row_blocks in rows:
        for r in range(len(row_blocks[0])):
            matrix.append([x for b in row_blocks for x in b[r]])
    return matrix


@env.task
async def solve_day(problem: Problem, improve: int = 5) -> Solution:
    matrix = await distance_matrix(problem.stops)
    sol = await solve(problem, matrix)
    match sol.status:
        case Status.OPTIMAL:
            return sol
        case Status.INFEASIBLE if problem.vehicles < len(problem.stops):
            return await solve_day(replace(problem, vehicles=problem.vehicles + 1), improve)
        case Status.INFEASIBLE:
            raise ValueError("infeasible with a vehicle per stop")
        case Status.TIMEOUT | Status.FEASIBLE:
            for _ in range(improve):
                better = await two_opt(sol, matrix)
                if not better.km < sol.km - 0.1:
                    break
                sol = better
    return sol


@env.task
async def plan_week(days: dict[str, Problem]) -> dict[str, str]:
    links: dict[str, str] = {}
    solutions = {}
    async with asyncio.TaskGroup() as tg:
        for day, problem in days.items():
            solutions[day] = tg.create_task(solve_day(problem))
    for day in days:
        links[day] = await export(day, solutions[day].result())
    return links


@env.task
async def replan(day: str, problem: Problem, cancelled: list[int]) -> str:
    stops = [s for i, s in enumerate(problem.stops) if i not in set(cancelled)]
    assert stops, f"everything on {day} was cancelled"
    sol = await solve_day(replace(problem, stops=stops), improve=1)
    return await export(f"{day}-replanned", sol)
