import flyte

from tasks import env as tasks_env
from tasks import work

env = flyte.TaskEnvironment("main", depends_on=[tasks_env])


@env.task
async def main(name: str = "x") -> str:
    text = await work(name)
    return await work(text, times=3)
