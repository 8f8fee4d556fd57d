"""A search with early stopping: loops, branches, recovery and parallel trials in one driver.

flyte-compile examples/search.py --graph search.html
flyte run examples/search.py search --rounds 4
"""

import asyncio
from dataclasses import dataclass

import flyte

env = flyte.TaskEnvironment("search")


@dataclass
class Trial:
    depth: int
    score: float


@env.task
async def propose(around: int, count: int) -> list[int]:
    return [max(1, around + step) for step in range(-(count // 2), count - count // 2)]


@env.task
async def evaluate(depth: int, folds: int = 3) -> Trial:
    if depth > 9:
        raise MemoryError(f"depth {depth} does not fit")
    return Trial(depth, 1 / (1 + abs(depth - 7)) * (1 - 0.01 * folds))


@env.task
async def refit(depth: int) -> str:
    return f"model of depth {depth}"


@env.task
async def report(lines: list[str]) -> str:
    return "\n".join(lines)


@env.compiled_task
async def search(start: int = 2, rounds: int = 4, at_once: int = 2) -> str:
    """Go on around the best trial so far, until a round brings nothing."""
    limit = asyncio.Semaphore(at_once)

    async def trial(depth: int) -> Trial:
        async with limit:
            try:
                return await evaluate(depth)
            except flyte.errors.RuntimeUserError:
                return await evaluate.override(resources=flyte.Resources(memory="4Gi"))(9)

    best = Trial(start, 0.0)
    lines = []
    for number in range(rounds):
        with flyte.group(f"round {number}"):
            depths = await propose(best.depth, 5)
            trials = await asyncio.gather(*[trial(depth) for depth in depths])
        winner = max(trials, key=lambda each: each.score)
        if winner.score <= best.score:
            break
        best = winner
        lines.append(f"round {number}: depth {best.depth}, score {best.score:.2f}")
    else:
        lines.append("stopped by the number of rounds")
    lines.append(await refit(best.depth))
    return await report(lines)


if __name__ == "__main__":
    flyte.init()
    print(flyte.run(search).outputs()[0])
