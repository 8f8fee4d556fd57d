"""A task that nobody awaits."""

import flyte

env = flyte.TaskEnvironment("faulty")


@env.task
async def load(path: str) -> list[int]:
    print("ran load")
    return [1, 2, 3]


@env.task
async def store(rows: list[int]) -> None:
    print("ran store")


@env.task
async def main(path: str = "rows.csv") -> int:
    rows = await load(path)
    store(rows)  # fault
    return len(rows)


if __name__ == "__main__":
    flyte.init()
    run = flyte.with_runcontext(mode="local").run(main)
    print("result", run.outputs()[0])
