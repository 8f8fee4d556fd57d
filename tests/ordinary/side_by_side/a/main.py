import flyte

from tasks import env as tasks_env
from tasks import work

env = flyte.TaskEnvironment("main", depends_on=[tasks_env])


@env.task
async def main(x: int = 1) -> int:
    return await work(x)
