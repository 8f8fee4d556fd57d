"""More memory where it wasn't enough."""

import flyte
import flyte.errors

env = flyte.TaskEnvironment("memory-hungry", resources=flyte.Resources(cpu=1, memory="250Mi"))


@env.task
async def fit(rows: int) -> float:
    return sum(float(i) for i in range(rows)) / rows


@env.task
async def main(rows: int = 1000) -> float:
    memory = 250
    for _ in range(4):
        try:
            return await fit.override(resources=flyte.Resources(cpu=1, memory=f"{memory}Mi"))(rows)
        except flyte.errors.OOMError as error:
            print(f"{memory} MiB is not enough: {error}")
            memory *= 2
    raise RuntimeError("too large")
