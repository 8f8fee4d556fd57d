import flyte

env = flyte.TaskEnvironment("tasks")


@env.task
async def work(name: str, times: int = 2) -> str:
    return name * times
