"""A page of HTML beside the result."""

import flyte
import flyte.report

env = flyte.TaskEnvironment("reports")


@env.task
async def measure(n: int) -> list[float]:
    return [i / 2 for i in range(n)]


@env.task(report=True)
async def draw(values: list[float]) -> str:
    bars = "".join(f"<div style='width:{value * 10}px'>{value}</div>" for value in values)
    await flyte.report.replace.aio(bars)
    await flyte.report.flush.aio()
    return f"{len(values)} bars"


@env.task
async def main(n: int = 5) -> str:
    return await draw(await measure(n))
