"""A genetic search; the dice are thrown in leaves, from a seed that the driver passes on."""

import asyncio
import random

import flyte

env = flyte.TaskEnvironment("genetic")

Genome = list[int]


@env.task
async def population(size: int, length: int, seed: int) -> list[Genome]:
    generator = random.Random(seed)
    return [[generator.randint(0, 1) for _ in range(length)] for _ in range(size)]


@env.task
async def fitness(genome: Genome) -> int:
    return sum(genome)


@env.task
async def breed(parents: list[Genome], size: int, seed: int) -> list[Genome]:
    generator = random.Random(seed)
    children = []
    for _ in range(size):
        a, b = generator.sample(parents, 2)
        cut = generator.randrange(len(a))
        children.append(a[:cut] + b[cut:])
    return children


@env.task
async def main(size: int = 16, length: int = 12, generations: int = 5, seed: int = 1) -> Genome:
    genomes = await population(size, length, seed)
    for generation in range(generations):
        scores = await asyncio.gather(*[fitness(genome) for genome in genomes])
        ranked = sorted(zip(scores, genomes), reverse=True)
        if ranked[0][0] == length:
            return ranked[0][1]
        parents = [genome for _, genome in ranked[: size // 2]]
        genomes = parents + await breed(parents, size - len(parents), seed + generation)
    return genomes[0]
