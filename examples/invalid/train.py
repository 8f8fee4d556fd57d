"""A program with faults that Python finds when the line runs, if ever; the compiler finds them now.

flyte-compile examples/invalid/train.py
"""

# ruff: noqa: F821 - an undefined name is one of the faults

import flyte

env = flyte.TaskEnvironment("training")


@env.task
async def load(path: str, limit: int = 1000) -> list[float]:
    return [float(number) for number in range(min(limit, len(path)))]


@env.task
async def train(data: list[float], epochs: int) -> float:
    return sum(data) / epochs


@env.task
async def publish(score: float) -> None:
    print(f"published {score}")


@env.task
async def main(path: str) -> float:
    data = await load(path, limits=100)  # error: [FC302] "has no parameter `limits`"
    score = await train(data)  # error: [FC302] "is missing `epochs`"
    publish(score)  # error: [FC203] "is called but never awaited"
    return await evaluate(score)  # error: [FC201] "is not defined"
