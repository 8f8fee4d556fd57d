# drivers: process_gather, velocity_analysis, migrate_line, survey
"""Seismic: per shot gather processing, iterative velocity update, then migration."""
import asyncio
import os
import tempfile
from pathlib import Path

import flyte
import numpy as np
from flyte.io import File

env = flyte.TaskEnvironment("seismic", resources=flyte.Resources(cpu=8, memory="32Gi"))
SCRATCH = Path(os.environ.get("SCRATCH", tempfile.gettempdir()))


class Timer:
    def __init__(self, what):
        self.what = what

    def __enter__(self):
        import time

        self.t0 = time.time()
        return self

    def __exit__(self, exc_type, exc, tb):
        import time

        print(f"{self.what}: {time.time() - self.t0:.1f}s{' FAILED' if exc_type else ''}")
        return False


@env.task
async def read_gather(segy: File, shot: int) -> list[float]:
    return np.random.rand(100).tolist()


@env.task
async def denoise(trace: list[float], fmax: float = 80.0) -> list[float]:
    return trace


@env.task
async def deconvolve(trace: list[float], order: int) -> list[float]:
    return trace


@env.task
async def semblance(gathers: list[list[float]], velocity: list[float]) -> tuple[list[float], float]:
    return [v * 1.01 for v in velocity], 0.01


@env.task
async def kirchhoff(gather: list[float], velocity: list[float]) -> list[float]:
    return gather


@env.task
async def stack(images: list[list[float]]) -> File:
    return await File.from_local(str(SCRATCH / "stack.npy"))


@env.task
async def process_gather(segy: File, shot: int, decon: bool = True) -> list[float]:
    g = await denoise(await read_gather(segy, shot))
    return await deconvolve(g, order=30) if decon else g


@env.task
async def velocity_analysis(gathers: list[list[float]], v0: float = 1500.0, tol: float = 0.02) -> list[float]:
    velocity = [v0 + 10 * i for i in range(50)]
    for n in range(1, 11):
        with Timer(f"velocity update {n}"):
            velocity, change = await semblance(gathers, velocity)
        if change < tol:
            return velocity
    raise ArithmeticError("velocity model did not settle")


@env.task
async def migrate_line(segy: File, shots: list[int], chunk: int = 32) -> File:
    gathers = []
    for i in range(0, len(shots), chunk):
        part = await asyncio.gather(*[process_gather(segy, s) for s in shots[i : i + chunk]])
        gathers.extend(part)
    try:
        velocity = await velocity_analysis(gathers)
    except ArithmeticError as e:
        print(f"{e}; using a constant gradient")
        velocity = [1500.0 + 12 * i for i in range(50)]
    images = [img async for img in flyte.map.aio(kirchhoff, gathers, [velocity] * len(gathers), return_exceptions=False)]
    return await stack(images)


@env.task
async def survey(lines: dict[str, File], shots_per_line: int = 100, only: set[str] | None = None) -> dict[str, File]:
    chosen = {k: v for k, v in lines.items() if only is None or k in only}
    with tempfile.TemporaryDirectory(dir=SCRATCH) as scratch, Timer("survey"):
        print("scratch", scratch)
        stacks = await asyncio.gather(*[migrate_line(f, list(range(shots_per_line))) for f in chosen.values()])
    return dict(zip(chosen, stacks))
