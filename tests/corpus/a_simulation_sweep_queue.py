# drivers: sweep_with_workers, adaptive_sweep, first_to_converge, sweep_all
"""CFD-ish parameter sweep: queue + workers, as_completed, wait(FIRST_COMPLETED)."""
import asyncio
import itertools
import json
import logging

import flyte

log = logging.getLogger(__name__)
env = flyte.TaskEnvironment("sweep", resources=flyte.Resources(cpu=8, memory="8Gi"))
# small, mostly waiting
driver_env = flyte.TaskEnvironment("sweep_driver", resources=flyte.Resources(cpu=1, memory="512Mi"), depends_on=[env])


@env.task(timeout=3600)
async def simulate(reynolds: float, angle: float, mesh: int = 64) -> float:
    """Returns a drag coefficient."""
    return reynolds * angle / mesh


@env.task
async def refine(reynolds: float, angle: float, previous: float) -> float:
    return previous * 0.99


@driver_env.task
async def sweep_with_workers(reynolds: list[float], angles: list[float], workers: int = 4) -> dict[str, float]:
    queue: asyncio.Queue = asyncio.Queue()
    results: dict[str, float] = {}
    for point in itertools.product(reynolds, angles):
        queue.put_nowait(point)

    async def worker(n: int):
        while not queue.empty():
            re, a = await queue.get()
            try:
                results[f"{re}/{a}"] = await simulate(re, a)
            except Exception:
                log.exception("worker %d: point (%s, %s) failed", n, re, a)
            finally:
                queue.task_done()

    ws = [asyncio.create_task(worker(i)) for i in range(workers)]
    await queue.join()
    for w in ws:
        w.cancel()
    return results


@driver_env.task
async def adaptive_sweep(reynolds: float, lo: float, hi: float, tol: float = 1e-3) -> tuple[float, float]:
    """Golden-section search over the angle."""
    phi = (5**0.5 - 1) / 2
    c, d = hi - phi * (hi - lo), lo + phi * (hi - lo)
    fc, fd = await asyncio.gather(simulate(reynolds, c), simulate(reynolds, d))
    while abs(hi - lo) > tol:
        if fc < fd:
            hi, d, fd = d, c, fc
            c = hi - phi * (hi - lo)
            fc = await simulate(reynolds, c)
        else:
            lo, c, fc = c, d, fd
            d = lo + phi * (hi - lo)
            fd = await simulate(reynolds, d)
    return (lo + hi) / 2, min(fc, fd)


@driver_env.task
async def first_to_converge(reynolds: float, meshes: list[int]) -> float:
    tasks = {asyncio.create_task(simulate(reynolds, 0.1, mesh=m)) for m in meshes}
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for p in pending:
        p.cancel()
    return next(iter(done)).result()


@driver_env.task
async def sweep_all(reynolds: list[float], angles: list[float]) -> str:
    coarse = await sweep_with_workers(reynolds, angles)
    best_seen = float("inf")
    for fut in asyncio.as_completed([adaptive_sweep(re, min(angles), max(angles)) for re in reynolds]):
        angle, drag = await fut
        if drag < best_seen:
            best_seen = drag
            log.info(f"new best {drag:.4f} at {angle:.3f}")
    try:
        quick = await asyncio.wait_for(first_to_converge(reynolds[0], [32, 64, 128]), timeout=600)
    except asyncio.TimeoutError:
        quick = None
    return json.dumps({"coarse": coarse, "best": best_seen, "quick": quick})


if __name__ == "__main__":
    flyte.init_from_config()
    flyte.with_runcontext(name="sweep-1").run(sweep_all, [1e4, 1e5], [0.0, 0.2, 0.4])
