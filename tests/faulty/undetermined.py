"""The clock decides which task runs: another one, when the driver is replayed."""

from datetime import datetime

import flyte

env = flyte.TaskEnvironment("faulty")


@env.task
async def full(day: int) -> str:
    print("ran full")
    return "full"


@env.task
async def quick(day: int) -> str:
    print("ran quick")
    return "quick"


@env.task
async def main(day: int = 1) -> str:
    now = datetime.now()
    if now.second % 2:  # fault
        return await full(day)  # fault
    return await quick(day)  # fault


if __name__ == "__main__":
    flyte.init()
    run = flyte.with_runcontext(mode="local").run(main)
    print("result", run.outputs()[0])
