# drivers: classify_tile, process_area, dem_mosaic, repair
"""LiDAR tiles: neighbour buffers, classification, DEM mosaic."""
import asyncio
import itertools
import logging
from collections.abc import Iterator
from typing import TypeAlias

import flyte
import laspy
import numpy as np

Tile: TypeAlias = tuple[int, int]
log = logging.getLogger(__name__)

env = flyte.TaskEnvironment(
    name="lidar",
    resources=flyte.Resources(cpu=4, memory="16Gi"),
    image=flyte.Image.from_debian_base().with_pip_packages("laspy", "pdal", "numpy"),
)
HIGH_MEM = flyte.Resources(cpu=4, memory="128Gi")


@env.task(cache="auto")
async def tile_exists(tile: Tile) -> bool:
    return True


@env.task(cache="auto")
async def read_points(tile: Tile, buffer: float = 0.0) -> str:
    with laspy.open(f"/lidar/{tile[0]}_{tile[1]}.laz") as f:
        f.header.point_count
    return f"/tmp/{tile[0]}_{tile[1]}_{buffer}.laz"


@env.task
async def merge_points(centre: str, neighbours: list[str]) -> str:
    return centre


@env.task
async def ground_filter(points: str, slope: float = 0.15) -> str:
    return points


@env.task
async def rasterize(points: str, res: float) -> str:
    return points.replace(".laz", f"_{res}.tif")


@env.task
async def coverage(raster: str) -> float:
    return 0.99


@env.task
async def mosaic(rasters: list[str], out: str) -> str:
    return out


def neighbours(tile: Tile) -> Iterator[Tile]:
    for dx, dy in itertools.product((-1, 0, 1), repeat=2):
        if dx or dy:
            yield tile[0] + dx, tile[1] + dy


@env.task
async def classify_tile(tile: Tile, buffer: float = 20.0, res: float = 0.5) -> str:
    around = list(neighbours(tile))
    exists = await asyncio.gather(*[tile_exists(t) for t in around])
    centre, *edges = await asyncio.gather(
        read_points(tile),
        *[read_points(t, buffer=buffer) for t, there in zip(around, exists) if there],
    )
    points = await merge_points(centre, edges) if edges else centre
    ground = await ground_filter(points)
    dem = await rasterize(ground, res)
    if (cover := await coverage(dem)) < 0.8:
        log.warning("tile %s: coverage %.2f, gentler filter", tile, cover)
        dem = await rasterize(await ground_filter(points, slope=0.3), res)
    return dem


@env.task
async def process_area(x0: int, y0: int, x1: int, y1: int) -> list[str]:
    tiles = [(x, y) for x in range(x0, x1) for y in range(y0, y1)]
    outcomes = await asyncio.gather(*[classify_tile(t) for t in tiles], return_exceptions=True)
    again = [t for t, o in zip(tiles, outcomes) if isinstance(o, Exception)]
    done = [o for o in outcomes if not isinstance(o, Exception)]
    if again:
        log.info("%d tiles again, with more memory", len(again))
        done += await asyncio.gather(*[classify_tile.override(resources=HIGH_MEM)(t) for t in again])
    return done


@env.task
async def dem_mosaic(name: str, areas: list[tuple[int, int, int, int]]) -> str:
    rasters: list[str] = []
    for n, area in enumerate(areas, start=1):
        part = await process_area(*area)
        rasters.append(await mosaic(part, f"/out/{name}_{n}.tif"))
    return await mosaic(rasters, f"/out/{name}.tif")


@env.task
async def repair(raster: str, tiles: list[Tile], target: float = 0.98) -> str:
    current = raster
    for res in np.linspace(0.5, 2.0, 4):
        cover = await coverage(current)
        if cover >= target:
            return current
        patches = await asyncio.gather(*[classify_tile(t, res=float(res)) for t in tiles])
        current = await mosaic([current, *patches], raster)
    raise RuntimeError(f"{raster}: coverage still below {target}")
