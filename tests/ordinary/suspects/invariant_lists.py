"""Lists of ints where floats are declared, of one class where its base is."""

from dataclasses import dataclass

import flyte

env = flyte.TaskEnvironment("invariant")


@dataclass
class Animal:
    name: str


@dataclass
class Dog(Animal):
    tricks: int = 0


@env.task
async def mean(values: list[float]) -> float:
    return sum(values) / len(values)


@env.task
async def names(animals: list[Animal]) -> list[str]:
    return [animal.name for animal in animals]


@env.task
async def weights(table: dict[str, float]) -> list[float]:
    return list(table.values())


@env.task
async def numbers(n: int) -> list[float]:
    found = [i * i for i in range(n)]
    return found


@env.task
async def main(n: int = 3) -> float:
    values = [1, 2, 3]
    dogs = [Dog("rex"), Dog("bello", 2)]
    table = {name: len(name) for name in await names(dogs)}
    more = await weights(table)
    counts = [len(str(value)) for value in more]
    return await mean(values) + await mean(counts) + await mean(await numbers(n))
