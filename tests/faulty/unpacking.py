"""Two results, unpacked into three names."""

import flyte

env = flyte.TaskEnvironment("faulty")


@env.task
async def split(rows: list[int]) -> tuple[list[int], list[int]]:
    print("ran split")
    return rows[:1], rows[1:]


@env.task
async def main(n: int = 3) -> int:
    train, valid, test = await split(list(range(n)))  # fault
    return len(train) + len(valid) + len(test)


if __name__ == "__main__":
    flyte.init()
    run = flyte.with_runcontext(mode="local").run(main)
    print("result", run.outputs()[0])
