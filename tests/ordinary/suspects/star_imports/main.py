from shared import *


@env.task
async def main(x: int = 1) -> int:
    value = await scale(x)
    return await scale(value, by=offset)
