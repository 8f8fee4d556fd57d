"""A synchronous task, called in an asynchronous one as if it were a function."""

import flyte

env = flyte.TaskEnvironment("faulty")


@env.task
async def load(path: str) -> list[int]:
    print("ran load")
    return [1, 2, 3]


@env.task
def total(rows: list[int]) -> int:
    print("ran total")
    return sum(rows)


@env.task
async def main(path: str = "rows.csv") -> int:
    rows = await load(path)
    return total(rows)  # fault


if __name__ == "__main__":
    flyte.init()
    run = flyte.with_runcontext(mode="local").run(main)
    print("result", run.outputs()[0])
