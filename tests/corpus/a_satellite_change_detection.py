# drivers: composite, detect_change, monitor_region, monitor_many
"""Cloud-free composites and change detection per tile. Sentinel-2."""
import asyncio
import itertools
from datetime import date, timedelta

import flyte
import rasterio
from shapely.geometry import box, mapping

env = flyte.TaskEnvironment("s2", resources=flyte.Resources(memory="8Gi", cpu=2))
BANDS = ("B02", "B03", "B04", "B08")


@env.task
async def search_scenes(bbox: tuple[float, float, float, float], start: date, end: date) -> list[str]:
    geom = mapping(box(*bbox))
    return [f"S2_{start}_{i}" for i in range(len(geom["coordinates"][0]))]


@env.task
async def cloud_fraction(scene: str) -> float:
    with rasterio.open(f"s3://s2/{scene}/SCL.tif") as src:
        return float((src.read(1) >= 8).mean())


@env.task
async def read_band(scene: str, band: str) -> str:
    return f"s3://s2/{scene}/{band}.tif"


@env.task
async def median_stack(paths: list[str]) -> str:
    return f"s3://out/{hash(tuple(paths))}.tif"


@env.task
async def ndvi(red: str, nir: str) -> str:
    return f"{red}-{nir}"


@env.task
async def difference(before: str, after: str) -> float:
    return 0.1


@env.task
async def notify(region: str, change: float):
    print(f"{region}: {change:+.2f}")


@env.task
async def composite(bbox: tuple[float, float, float, float], start: date, end: date, max_cloud: float = 0.3) -> dict[str, str]:
    scenes = await search_scenes(bbox, start, end)
    clouds = await asyncio.gather(*map(cloud_fraction, scenes))
    clear = [s for s, c in zip(scenes, clouds) if c <= max_cloud]
    if not clear:
        raise LookupError(f"no clear scene between {start} and {end}")

    # all (scene, band) reads at once, then regroup by band
    keys = list(itertools.product(clear, BANDS))
    paths = await asyncio.gather(*[read_band(*key) for key in keys])
    by_band: dict[str, list[str]] = {b: [] for b in BANDS}
    for (_, band), path in zip(keys, paths):
        by_band[band].append(path)
    stacks = await asyncio.gather(*[median_stack(ps) for ps in by_band.values()])
    return {band: stack for band, stack in zip(by_band, stacks)}


@env.task
async def detect_change(bbox: tuple[float, float, float, float], t0: date, t1: date, days: int = 30) -> float | None:
    window = timedelta(days=days)
    for attempt in range(3):
        try:
            before, after = await asyncio.gather(composite(bbox, t0, t0 + window), composite(bbox, t1, t1 + window))
            break
        except LookupError as e:
            print(f"attempt {attempt}: {e}; widening the window")
            window *= 2
    else:
        return None
    return await difference(await ndvi(before["B04"], before["B08"]), await ndvi(after["B04"], after["B08"]))


@env.task
async def monitor_region(name: str, bbox: tuple[float, float, float, float], years: list[int]) -> list[float]:
    changes = []
    for prev, cur in itertools.pairwise(years):
        c = await detect_change(bbox, date(prev, 6, 1), date(cur, 6, 1))
        if c is None:
            continue
        if abs(c) > 0.25:
            await notify(name, c)
        changes.append(c)
    return changes


@env.task
async def monitor_many(regions: dict[str, tuple[float, float, float, float]], years: list[int]) -> dict[str, list[float]]:
    async with asyncio.TaskGroup() as tg:
        tasks = {}
        for name, bbox in regions.items():
            tasks[name] = tg.create_task(monitor_region(name, bbox, years), name=name)
    return {name: t.result() for name, t in tasks.items()}
