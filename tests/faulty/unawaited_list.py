"""Coroutines passed on where their results are wanted."""

import flyte

env = flyte.TaskEnvironment("faulty")


@env.task
async def square(x: int) -> int:
    print("ran square")
    return x * x


@env.task
async def total(values: list[int]) -> int:
    print("ran total")
    return sum(values)


@env.task
async def main(n: int = 3) -> int:
    squares = [square(x) for x in range(n)]
    return await total(squares)  # fault


if __name__ == "__main__":
    flyte.init()
    run = flyte.with_runcontext(mode="local").run(main)
    print("result", run.outputs()[0])
