from datetime import timedelta

import flyte
from flyte.errors import RuntimeUserError, TaskTimeoutError

env = flyte.TaskEnvironment("flaky")


@env.task(
    retries=flyte.RetryStrategy(
        count=5,
        backoff=flyte.Backoff(timedelta(milliseconds=1), factor=2.0, cap=timedelta(seconds=1)),
    ),
    timeout=timedelta(minutes=5),
)
async def flaky(x: int) -> int:
    if x < 0:
        raise ValueError("negative")
    return x


@env.task(timeout=flyte.Timeout(max_runtime=60, max_queued_time=timedelta(minutes=1)))
async def slow(x: int) -> int:
    return x * 2


@env.task
async def main(x: int) -> int:
    try:
        value = await flaky(x)
    except RuntimeUserError:
        value = await flaky.override(retries=0, short_name="second-try")(-x)
    try:
        return await slow(value)
    except TaskTimeoutError:
        return await slow.override(timeout=600)(value)
