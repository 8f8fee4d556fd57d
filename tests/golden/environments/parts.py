import flyte

base = flyte.TaskEnvironment(name="base")


@base.task
async def ready(x: int) -> int:
    return abs(x)
