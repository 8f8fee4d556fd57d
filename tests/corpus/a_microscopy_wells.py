# drivers: analyse_well, analyse_plate, dose_response, screen_report
"""High-content screening: plate -> wells -> fields. Nested comprehensions and gathers."""
import asyncio
import math
import string
from dataclasses import dataclass

import flyte
import numpy as np
from scipy.optimize import curve_fit

env = flyte.TaskEnvironment("hcs", resources=flyte.Resources(cpu=2, memory="4Gi"))
ROWS, COLS, FIELDS = 8, 12, 4


@dataclass
class WellStats:
    well: str
    cells: int
    intensity: float


@env.task
async def flat_field(plate: str) -> str:
    return f"{plate}/flat.npy"


@env.task
async def segment(plate: str, well: str, field: int, flat: str) -> list[float]:
    return np.random.rand(50).tolist()


@env.task
async def focus_score(plate: str, well: str, field: int) -> float:
    return 0.9


@env.task
async def fit_hill(doses: list[float], responses: list[float]) -> tuple[float, float]:
    (ic50, h), _ = curve_fit(lambda d, k, h: 1 / (1 + (d / k) ** h), doses, responses)
    return float(ic50), float(h)


@env.task
async def z_prime(pos: list[float], neg: list[float]) -> float:
    return 1 - 3 * (np.std(pos) + np.std(neg)) / abs(np.mean(pos) - np.mean(neg))


def wells():
    return [f"{r}{c:02d}" for r in string.ascii_uppercase[:ROWS] for c in range(1, COLS + 1)]


@env.task
async def analyse_well(plate: str, well: str, flat: str, min_focus: float = 0.5) -> WellStats:
    focus = await asyncio.gather(*[focus_score(plate, well, f) for f in range(FIELDS)])
    usable = [f for f, s in enumerate(focus) if s >= min_focus]
    if not usable:
        return WellStats(well, 0, math.nan)
    per_field = await asyncio.gather(*[segment(plate, well, f, flat) for f in usable])
    cells = [c for field in per_field for c in field]
    return WellStats(well, len(cells), float(np.mean(cells)) if cells else math.nan)


@env.task
async def analyse_plate(plate: str) -> dict[str, WellStats]:
    flat = await flat_field(plate)
    grid = [[analyse_well(plate, f"{r}{c:02d}", flat) for c in range(1, COLS + 1)] for r in string.ascii_uppercase[:ROWS]]
    rows = await asyncio.gather(*[asyncio.gather(*row) for row in grid])
    stats = {w.well: w for row in rows for w in row}
    neg = [stats[f"{r}01"].intensity for r in string.ascii_uppercase[:ROWS]]
    pos = [stats[f"{r}12"].intensity for r in string.ascii_uppercase[:ROWS]]
    quality = await z_prime(pos, neg)
    print(f"{plate}: Z'={quality:.2f}", "ok" if quality > 0.5 else "POOR")
    return stats if quality > 0 else {}


@env.task
async def dose_response(plate: str, layout: dict[str, list[tuple[str, float]]]) -> dict[str, float]:
    stats = await analyse_plate(plate)
    ic50: dict[str, float] = {}
    for compound, positions in layout.items():
        points = [(dose, stats[w].intensity) for w, dose in positions if w in stats and stats[w].cells > 20]
        if len(points) < 4:
            continue
        try:
            value, _ = await fit_hill(*map(list, zip(*points)))
        except RuntimeError:
            value = math.nan
        ic50[compound] = value
    return ic50


@env.task
async def screen_report(plates: list[str], layout: dict[str, list[tuple[str, float]]]) -> list[str]:
    per_plate = await asyncio.gather(*(dose_response(p, layout) for p in plates), return_exceptions=True)
    merged: dict[str, list[float]] = {c: [] for c in layout}
    for plate, res in zip(plates, per_plate):
        if isinstance(res, Exception):
            print(plate, "failed:", res)
            continue
        [merged[c].append(v) for c, v in res.items() if not math.isnan(v)]
    hits = {c for c, vs in merged.items() if vs and np.median(vs) < 1e-6}
    return sorted(hits)
