"""The environment, and its task."""

import flyte

env = flyte.TaskEnvironment("steps")


@env.task
async def grow(x: int, by: int = 1) -> int:
    return x + by
