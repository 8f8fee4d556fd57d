"""An argument left out."""

import flyte

env = flyte.TaskEnvironment("faulty")


@env.task
async def load(path: str) -> list[int]:
    print("ran load")
    return [1, 2, 3]


@env.task
async def train(rows: list[int], epochs: int, rate: float = 0.1) -> float:
    print("ran train")
    return sum(rows) * rate / epochs


@env.task
async def main(path: str = "rows.csv") -> float:
    rows = await load(path)
    return await train(rows, rate=0.5)  # fault


if __name__ == "__main__":
    flyte.init()
    run = flyte.with_runcontext(mode="local").run(main)
    print("result", run.outputs()[0])
