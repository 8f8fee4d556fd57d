"""A task of an environment that isn't among the caller's `depends_on`."""

import flyte

workers = flyte.TaskEnvironment("workers")
drivers = flyte.TaskEnvironment("drivers")


@workers.task
async def square(x: int) -> int:
    print("ran square")
    return x * x


@drivers.task
async def main(x: int = 3) -> int:
    return await square(x)  # fault


if __name__ == "__main__":
    flyte.init()
    run = flyte.with_runcontext(mode="local").run(main)
    print("result", run.outputs()[0])
