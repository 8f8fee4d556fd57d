# drivers: run_member, ensemble_forecast, data_assimilation, calibrate
"""Ensemble forecasting with an Ensemble Kalman-like update. Messy research code."""
import asyncio, math, random, statistics
from functools import partial
import flyte
from flyte.io import File
import xarray as xr

env = flyte.TaskEnvironment("ensemble", resources=flyte.Resources(cpu=4, memory="8Gi"))
hpc = env.clone_with("ensemble_hpc", resources=flyte.Resources(cpu=64, memory="256Gi"), depends_on=[])

DT = 0.01
VERBOSE = True
STEPS_PER_CALL = 100


def vprint(*a):
    if VERBOSE: print("[ens]", *a)


@env.task
async def initial_state(seed, spread=1.0):
    r = random.Random(seed)
    return [r.gauss(0, spread) for _ in range(3)]

@hpc.task
def integrate(state: list[float], steps: int, rho: float = 28.0) -> list[float]:
    x, y, z = state
    for _ in range(steps):
        x, y, z = x + DT * 10 * (y - x), y + DT * (x * (rho - z) - y), z + DT * (x * y - 8 / 3 * z)
    return [x, y, z]

@env.task
async def observe(t: int) -> list[float] | None:
    return None if t % 3 else [1.0, 1.0, 20.0]

@env.task
async def analysis(members: list[list[float]], obs: list[float]) -> list[list[float]]:
    return [[0.5 * (a + o) for a, o in zip(m, obs)] for m in members]

@env.task
async def save(members: list[list[float]], name: str) -> File:
    xr.DataArray(members).to_netcdf(name)
    return await File.from_local(name)


@env.task
async def run_member(seed: int, horizon: int, rho=28.0):
    s = await initial_state(seed)
    t = 0
    while t < horizon:
        n = min(STEPS_PER_CALL, horizon - t)
        s = await integrate.aio(s, n, rho=rho)
        t += n
        if not all(map(math.isfinite, s)):
            vprint("blew up", seed, t)
            return None
    return s


@env.task
async def ensemble_forecast(n: int, horizon: int) -> tuple[list[float], list[float]]:
    res = await asyncio.gather(*[run_member(i, horizon) for i in range(n)])
    ok = [r for r in res if r is not None]
    if len(ok) < n // 2: raise ArithmeticError("too many members diverged")
    mean = [statistics.fmean(c) for c in zip(*ok)]
    std = [statistics.stdev(c) for c in zip(*ok)]
    return mean, std


@env.task
async def data_assimilation(n: int = 20, cycles: int = 30) -> File:
    members = await asyncio.gather(*(initial_state(i, spread=2.0) for i in range(n)))
    for c in range(cycles):
        obs_task = asyncio.ensure_future(observe(c))
        members = await asyncio.gather(*[integrate.aio(m, STEPS_PER_CALL) for m in members])
        obs = await obs_task
        if obs is None:
            vprint("cycle", c, "no observation")
            continue
        members = await analysis(list(members), obs)
        spread = statistics.pstdev(m[0] for m in members)
        vprint("cycle", c, "spread", spread)
        if spread < 1e-3:
            # the ensemble collapsed: inflate
            centre = [statistics.fmean(col) for col in zip(*members)]
            members = [[ce + 1.5 * (v - ce) for v, ce in zip(m, centre)] for m in members]
    return await save(list(members), "analysis.nc")


@env.task
async def calibrate(truth: list[float], lo: float = 20.0, hi: float = 35.0, tol: float = 0.1) -> float:
    """Golden section search on rho."""
    g = (math.sqrt(5) - 1) / 2
    run = partial(run_member, 0, 500)
    def err(s): return math.inf if s is None else math.dist(s, truth)
    a, b = lo, hi
    c, d = b - g * (b - a), a + g * (b - a)
    fc, fd = map(err, await asyncio.gather(run(rho=c), run(rho=d)))
    while abs(b - a) > tol:
        if fc < fd:
            b, d, fd = d, c, fc
            c = b - g * (b - a)
            fc = err(await run(rho=c))
        else:
            a, c, fc = c, d, fd
            d = a + g * (b - a)
            fd = err(await run(rho=d))
    return (a + b) / 2


if __name__ == "__main__":
    flyte.init_from_config()
    flyte.run(ensemble_forecast, n=10, horizon=1000)
