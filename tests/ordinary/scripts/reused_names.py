"""One name for what the data becomes, as people write it."""

import flyte

env = flyte.TaskEnvironment("reused")


@env.task
async def load(path: str) -> str:
    with open(path) as handle:
        return handle.read()


@env.task
async def parse(text: str) -> list[dict[str, str]]:
    head, *rows = [line.split(",") for line in text.splitlines()]
    return [dict(zip(head, row)) for row in rows]


@env.task
async def select(rows: list[dict[str, str]], column: str) -> list[float]:
    return [float(row[column]) for row in rows if row[column]]


@env.task
async def mean(values: list[float]) -> float:
    return sum(values) / len(values)


@env.task
async def main(path: str, column: str = "price") -> str:
    data = await load(path)
    data = await parse(data)
    data = await select(data, column)
    data = await mean(data)
    result = f"{column}: {data:.2f}"
    return result
