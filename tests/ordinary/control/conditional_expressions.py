import flyte

env = flyte.TaskEnvironment("conditions")


@env.task
async def small(x: int) -> int:
    return x + 1


@env.task
async def large(x: int) -> int:
    return x // 2


@env.task
async def check(x: int) -> bool:
    return x % 3 == 0


@env.task
async def main(x: int = 10) -> int:
    y = await small(x) if x < 100 else await large(x)
    if await check(y) or (await check(y + 1) and x > 5):
        y = await large(y)
    elif not await check(x):
        y += await small(y)
    assert y >= 0, f"negative: {y}"
    return max(await small(y), await large(y), key=abs)
