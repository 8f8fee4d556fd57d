# drivers: evaluate_population, evolve, islands
"""Evolve antenna designs. Fitness is an expensive simulation, so every individual is a task."""
import asyncio
import random
import statistics as st
from dataclasses import dataclass, field

import flyte

env = flyte.TaskEnvironment("evolve", resources=flyte.Resources(cpu=2, memory="1Gi"))


@dataclass
class Individual:
    genes: list[float]
    fitness: float | None = None

    def __lt__(self, other):
        return (self.fitness or 0) < (other.fitness or 0)


@env.task(cache="auto", retries=2)
async def fitness(genes: list[float]) -> float:
    return -sum((g - 0.5) ** 2 for g in genes)


@env.task
async def local_search(genes: list[float], steps: int) -> list[float]:
    return genes


@env.task
async def checkpoint(generation: int, best: list[float]) -> None:
    print(generation, best[:3])


def mutate(rng, genes, rate=0.1):
    return [g + rng.gauss(0, 0.05) if rng.random() < rate else g for g in genes]


def crossover(rng, a, b):
    cut = rng.randrange(1, len(a))
    return a[:cut] + b[cut:]


def tournament(rng, pop, k=3):
    return max(rng.sample(pop, k))


@env.task
async def evaluate_population(pop: list[Individual]) -> list[Individual]:
    todo = [(i, ind) for i, ind in enumerate(pop) if ind.fitness is None]
    values = await asyncio.gather(*[fitness(ind.genes) for _, ind in todo], return_exceptions=True)
    for (i, _), v in zip(todo, values):
        pop[i].fitness = float("-inf") if isinstance(v, BaseException) else v
    return pop


@env.task
async def evolve(size: int, n_genes: int, generations: int, seed: int = 0, memetic: bool = False) -> Individual:
    rng = random.Random(seed)
    pop = [Individual([rng.random() for _ in range(n_genes)]) for _ in range(size)]
    stagnant, best_so_far = 0, float("-inf")
    for gen in range(generations):
        pop = await evaluate_population(pop)
        elite = max(pop)
        if elite.fitness > best_so_far + 1e-6:
            best_so_far, stagnant = elite.fitness, 0
        else:
            stagnant += 1
        if stagnant > 10:
            break
        if memetic and gen % 5 == 4:
            elite = Individual(await local_search(elite.genes, steps=20))
        if not gen % 10:
            await checkpoint(gen, elite.genes)
        children = [elite]
        while len(children) < size:
            mother, father = tournament(rng, pop), tournament(rng, pop)
            children.append(Individual(mutate(rng, crossover(rng, mother.genes, father.genes))))
        pop = children
    return max(await evaluate_population(pop))


@env.task
async def islands(n: int = 4, epochs: int = 3) -> tuple[list[float], float]:
    champions: list[Individual] = []
    for epoch in range(epochs):
        champions += await asyncio.gather(*(evolve(30, 16, 20, seed=epoch * n + i, memetic=i % 2 == 1) for i in range(n)))
        fits = [c.fitness for c in champions]
        print(f"epoch {epoch}: mean {st.mean(fits):.4f} max {max(fits):.4f}")
    winner = max(champions)
    polished = await local_search(winner.genes, steps=200)
    return polished, await fitness(polished)
