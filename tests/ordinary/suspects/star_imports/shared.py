import flyte

__all__ = ["env", "scale", "offset"]

env = flyte.TaskEnvironment("star")
offset = 3


@env.task
async def scale(x: int, by: int = 2) -> int:
    return x * by
