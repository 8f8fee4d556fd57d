# drivers: solve_sudoku, nqueens, subset_sum, first_solution
"""Search with backtracking. Leaves are tasks, the search tree is made of recursive tasks."""
import asyncio
import logging

import flyte

logger = logging.getLogger(__name__)
env = flyte.TaskEnvironment("backtracking")

STATS = {"calls": 0}
N_SOLUTIONS = 0


class Contradiction(Exception):
    """No candidate is left for a cell."""


@env.task
async def candidates(grid: list[int], cell: int) -> list[int]:
    row, col = divmod(cell, 9)
    used = {grid[row * 9 + c] for c in range(9)} | {grid[r * 9 + col] for r in range(9)}
    return [d for d in range(1, 10) if d not in used]


@env.task
async def propagate(grid: list[int]) -> list[int]:
    return grid


@env.task
async def safe(queens: list[int], col: int) -> bool:
    row = len(queens)
    return all(c != col and abs(c - col) != row - r for r, c in enumerate(queens))


class Board:
    def __init__(self, grid):
        self.grid = grid

    @property
    def empty(self):
        return [i for i, v in enumerate(self.grid) if not v]

    async def candidates_everywhere(self):
        cells = self.empty
        options = await asyncio.gather(*[candidates(self.grid, c) for c in cells])
        if any(not o for o in options):
            raise Contradiction
        return sorted(zip(cells, options), key=lambda pair: len(pair[1]))

    def with_value(self, cell, value):
        return [value if i == cell else v for i, v in enumerate(self.grid)]


@env.task
async def solve_sudoku(grid: list[int], depth: int = 0) -> list[int] | None:
    global STATS
    STATS["calls"] += 1
    board = Board(await propagate(grid))
    if not board.empty:
        return board.grid
    try:
        (cell, options), *_ = await board.candidates_everywhere()
    except Contradiction:
        logger.debug("dead end at depth %d", depth)
        return None
    for value in options:
        solved = await solve_sudoku(board.with_value(cell, value), depth + 1)
        if solved is not None:
            return solved
    return None


@env.task
async def nqueens(n: int, queens: list[int] = []) -> int:
    if len(queens) == n:
        return 1
    oks = await asyncio.gather(*(safe(queens, c) for c in range(n)))
    return sum(await asyncio.gather(*[nqueens(n, queens + [c]) for c, ok in enumerate(oks) if ok]))


@env.task
def subset_sum(xs: list[int], target: int) -> list[int] | None:
    if target == 0:
        return []
    if not xs or target < 0:
        return None
    head, rest = xs[0], xs[1:]
    with_head = subset_sum(rest, target - head)
    if with_head is not None:
        return [head] + with_head
    return subset_sum(rest, target)


@env.task
async def first_solution(puzzles: list[list[int]]) -> int:
    tried = 0

    async def attempt(p):
        nonlocal tried
        tried += 1
        if await solve_sudoku(p) is None:
            raise Contradiction(tried)
        return p

    jobs = [asyncio.create_task(attempt(p)) for p in puzzles]
    for index, job in enumerate(jobs):
        try:
            await job
        except Contradiction as e:
            print("unsolvable:", e)
            continue
        for other in jobs[index + 1:]:
            other.cancel()
        return index
    return -1


if __name__ == "__main__":
    flyte.init_from_config()
    flyte.run(nqueens, n=6)
