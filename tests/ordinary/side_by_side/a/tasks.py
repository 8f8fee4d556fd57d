import flyte

env = flyte.TaskEnvironment("tasks")


@env.task
async def work(x: int) -> int:
    return x + 1
