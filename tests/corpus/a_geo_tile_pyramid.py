# drivers: build_tile, build_level, pyramid
"""Build a tile pyramid by recursion (quad tree), then levels by map."""
import asyncio
from functools import partial

import flyte
import numpy as np

env = flyte.TaskEnvironment("tiles")

MAX_ZOOM = 12
TILE = 256


class EmptyTile(Exception):
    def __init__(self, z, x, y):
        super().__init__(f"tile {z}/{x}/{y} is empty")
        self.z, self.x, self.y = z, x, y


def children(z, x, y):
    return [(z + 1, 2 * x + dx, 2 * y + dy) for dx in (0, 1) for dy in (0, 1)]


@env.task(cache="auto")
async def render_leaf(z: int, x: int, y: int, layer: str) -> str:
    arr = np.zeros((TILE, TILE), dtype=np.uint8)
    if not arr.any():
        raise EmptyTile(z, x, y)
    return f"s3://tiles/{layer}/{z}/{x}/{y}.png"


@env.task
async def merge_four(parts: list[str], out: str) -> str:
    return out


@env.task
async def build_tile(z: int, x: int, y: int, layer: str, leaf_zoom: int) -> str:
    """Render the tile at z/x/y from its four children."""
    if z >= leaf_zoom:
        try:
            return await render_leaf(z, x, y, layer)
        except EmptyTile:
            return ""
    parts = await asyncio.gather(*[build_tile(*child, layer, leaf_zoom) for child in children(z, x, y)])
    parts = [p for p in parts if p]
    if not parts:
        return ""
    return await merge_four(parts, f"s3://tiles/{layer}/{z}/{x}/{y}.png")


@env.task
def build_level(z: int, layer: str) -> int:
    n = 2**z
    xs = [x for x in range(n) for _ in range(n)]
    ys = [y for _ in range(n) for y in range(n)]
    render = partial(render_leaf, z, layer=layer)
    done = 0
    for tile in flyte.map(render, xs, ys, concurrency=64, group_name=f"level-{z}"):
        if isinstance(tile, EmptyTile):
            continue
        if isinstance(tile, Exception):
            raise tile
        done += 1
    return done


@env.task
def pyramid(layer: str, min_zoom: int = 0, max_zoom: int = 4) -> dict[int, int]:
    assert 0 <= min_zoom < max_zoom <= MAX_ZOOM
    counts = {z: build_level(z, layer) for z in range(min_zoom, max_zoom)}
    print("built", sum(counts.values()), "tiles")
    return counts


if __name__ == "__main__":
    flyte.init_from_config()
    run = flyte.run(pyramid, layer="dem", max_zoom=3)
    print(run.name, run.phase)
