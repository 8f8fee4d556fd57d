# drivers: step, life, find_period, mandelbrot, gallery
import asyncio
from itertools import product

import flyte

env = flyte.TaskEnvironment("cellular", reusable=flyte.ReusePolicy(replicas=4, concurrency=4))

Grid = list[list[int]]
DEAD, ALIVE = 0, 1


@env.task
async def step_tile(tile: Grid, halo: int = 1) -> Grid:
    """One generation of a tile which carries a halo of its neighbours' cells."""
    h, w = len(tile), len(tile[0])

    def alive(r, c):
        return sum(tile[r + dr][c + dc] for dr, dc in product((-1, 0, 1), repeat=2) if dr or dc)

    return [
        [ALIVE if alive(r, c) == 3 or (tile[r][c] and alive(r, c) == 2) else DEAD for c in range(1, w - 1)]
        for r in range(1, h - 1)
    ]


@env.task
async def escape_time(re: float, im: float, limit: int) -> int:
    z, c = 0j, complex(re, im)
    for n in range(limit):
        if abs(z) > 2:
            return n
        z = z * z + c
    return limit


@env.task
async def render(grid: Grid, palette: str = " .:#@") -> str:
    return "\n".join("".join(palette[min(v, len(palette) - 1)] for v in row) for row in grid)


def strips(grid: Grid, k: int):
    n = len(grid)
    padded = [grid[-1], *grid, grid[0]]
    padded = [[row[-1], *row, row[0]] for row in padded]
    size = -(-n // k)
    for start in range(0, n, size):
        yield padded[start : min(start + size, n) + 2]


@env.task
async def step(grid: Grid, workers: int) -> Grid:
    parts = await asyncio.gather(*[step_tile(s) for s in strips(grid, workers)])
    return [row for part in parts for row in part]


@env.task
async def life(grid: Grid, generations: int, workers: int = 4) -> Grid:
    for _ in range(generations):
        new = await step(grid, workers)
        if new == grid:
            break
        grid = new
    return grid


@env.task
async def find_period(grid: Grid, limit: int = 100) -> int | None:
    # Brent's algorithm
    power = lam = 1
    tortoise, hare = grid, await step(grid, 1)
    while tortoise != hare:
        if power == lam:
            tortoise = hare
            power *= 2
            lam = 0
        hare = await step(hare, 1)
        lam += 1
        if lam > limit:
            return None
    return lam


@env.task
async def mandelbrot(width: int = 40, height: int = 20, limit: int = 50) -> str:
    points = [[(3.0 * x / width - 2, 2.0 * y / height - 1) for x in range(width)] for y in range(height)]
    rows = []
    for line in points:
        rows.append(await asyncio.gather(*(escape_time(*p, limit) for p in line)))
    return await render([list(r) for r in rows])


@env.task
async def gallery(seeds: dict[str, Grid]) -> dict[str, str]:
    pictures = {name: await render(await life(g, 10)) for name, g in seeds.items()}
    pictures["mandelbrot"] = await mandelbrot(width=20, height=10)
    for name, g in seeds.items():
        period = await find_period(g)
        if period:
            pictures[name] += f"\nperiod {period}"
    return pictures


if __name__ == "__main__":
    flyte.init_from_config()
    flyte.run(gallery, seeds={"blinker": [[0, 0, 0], [1, 1, 1], [0, 0, 0]]})
