"""Definitions that depend on what there is."""

import os
import sys

import flyte

IS_GPU = os.environ.get("USE_GPU") == "1"

if IS_GPU:
    env = flyte.TaskEnvironment("maybe-gpu", resources=flyte.Resources(gpu=1))
else:
    env = flyte.TaskEnvironment("maybe-gpu", resources=flyte.Resources(cpu=2))

if sys.platform == "win32":

    def separator() -> str:
        return "\\"
else:

    def separator() -> str:
        return "/"


if IS_GPU:

    @env.task
    async def compute(x: int) -> int:
        return x * 2
else:

    @env.task
    async def compute(x: int) -> int:
        return x + x


@env.task
async def main(x: int = 1) -> str:
    value = await compute(x)
    return separator().join(str(i) for i in range(value))
