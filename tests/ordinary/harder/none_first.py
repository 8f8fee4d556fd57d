"""`None` until a loop has found something."""

import flyte

env = flyte.TaskEnvironment("none-first")


@env.task
async def attempt(n: int) -> float:
    return 1 / n


@env.task
async def finish(best: float, steps: int) -> str:
    return f"{best:.2f} in {steps}"


@env.task
async def main(n: int = 5) -> str:
    best = None
    steps = 0
    for i in range(1, n + 1):
        value = await attempt(i)
        steps = i
        if best is None or value < best:
            best = value
        if best < 0.1:
            break
    if best is None:
        raise ValueError("nothing to try")
    return await finish(best, steps)


@env.task
async def asserted(n: int = 5) -> str:
    last = None
    for i in range(1, n + 1):
        last = await attempt(i)
    assert last is not None
    return await finish(last, n)


@env.task
async def with_default(n: int = 5) -> str:
    results = [await attempt(i) for i in range(1, n)]
    best = min(results, default=None)
    return await finish(best or 0.0, len(results))


@env.task
async def without_test(n: int = 5) -> str:
    best = None
    for i in range(1, max(n, 1) + 1):
        value = await attempt(i)
        if best is None or value > best:
            best = value
    return await finish(best, n)
