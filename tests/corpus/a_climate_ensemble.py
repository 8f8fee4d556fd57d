# drivers: spinup, run_member, ensemble, ensemble_until_converged
"""Climate ensemble. Each member is a chain of year-long chunks (state carried over)."""
import asyncio
import math
from collections import deque
from typing import AsyncIterator

import flyte
from flyte.errors import RuntimeUserError

env = flyte.TaskEnvironment(
    "climate",
    resources=flyte.Resources(cpu=32, memory="64Gi"),
    interruptible=True,
)


@env.task
async def initial_state(seed: int, perturb: float) -> list[float]:
    return [perturb * seed] * 4


@env.task(retries=4)
async def integrate(state: list[float], year: int, dt: float = 1800.0) -> list[float]:
    return [s + math.sin(year) for s in state]


@env.task
async def global_mean(state: list[float]) -> float:
    return sum(state) / len(state)


@env.task
async def write_diagnostics(member: int, year: int, mean: float) -> None:
    ...


@env.task
async def stats(values: list[float]) -> tuple[float, float]:
    n = len(values)
    mu = sum(values) / n
    return mu, math.sqrt(sum((v - mu) ** 2 for v in values) / n)


@env.task
async def spinup(seed: int, tol: float = 0.01, max_years: int = 200) -> list[float]:
    """Integrate until the mean of the last ten years stops drifting."""
    state = await initial_state(seed, 1e-6)
    recent: deque[float] = deque(maxlen=10)
    year = 0
    while year < max_years:
        state = await integrate(state, year)
        mean = await global_mean(state)
        recent.append(mean)
        if len(recent) == recent.maxlen and max(recent) - min(recent) < tol:
            break
        year += 1
    return state


@env.task
async def run_member(member: int, start: int, end: int) -> float:
    state = await spinup(member)
    dt = 1800.0
    for year in range(start, end):
        try:
            state = await integrate(state, year, dt)
        except RuntimeUserError:
            # CFL violation: halve the step for this year only
            state = await integrate(state, year, dt / 2)
        if year % 10 == 0:
            await write_diagnostics(member, year, await global_mean(state))
    return await global_mean(state)


@env.task
async def ensemble(members: int, start: int = 1950, end: int = 2050) -> tuple[float, float]:
    finals = [f for f in await asyncio.gather(*(run_member(m, start, end) for m in range(members)), return_exceptions=True) if isinstance(f, float)]
    if len(finals) < 0.8 * members:
        raise RuntimeError(f"only {len(finals)} of {members} members finished")
    return await stats(finals)


@env.task
async def ensemble_until_converged(step: int = 8, rel: float = 0.05, cap: int = 64) -> int:
    values: list[float] = []
    previous = None
    n = 0
    while n < cap:
        batch = [run_member(n + i, 1950, 2000) for i in range(step)]
        values += await asyncio.gather(*batch)
        n += step
        _, sd = await stats(values)
        if previous is not None and abs(sd - previous) <= rel * previous:
            return n
        previous = sd
    print("did not converge")
    return cap
