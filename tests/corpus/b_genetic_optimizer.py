# drivers: evolve, islands, anneal, compare_optimizers
"""Black-box optimisation with fitness evaluations as tasks: GA, islands, simulated annealing."""
import asyncio
import math
import random
import statistics

import flyte

env = flyte.TaskEnvironment("optimizers", resources=flyte.Resources(cpu=1, memory="256Mi"))

Genome = list[float]


@env.task(cache="auto")
async def fitness(genome: Genome) -> float:
    return -sum(x * x - 10 * math.cos(2 * math.pi * x) + 10 for x in genome)


def crossover(rng, a, b):
    cut = rng.randrange(1, len(a))
    return a[:cut] + b[cut:]


def mutate(rng, g, rate=0.1, sigma=0.3):
    return [x + rng.gauss(0, sigma) if rng.random() < rate else x for x in g]


@env.task
async def evolve(population: list[Genome], generations: int, seed: int, patience: int = 10) -> list[Genome]:
    rng = random.Random(seed)
    best_so_far, stagnant = -math.inf, 0
    for gen in range(generations):
        scores = await asyncio.gather(*[fitness(g) for g in population])
        ranked = [g for _, g in sorted(zip(scores, population), key=lambda p: -p[0])]
        top = max(scores)
        if top > best_so_far + 1e-9:
            best_so_far, stagnant = top, 0
        else:
            stagnant += 1
        if stagnant >= patience:
            print(f"stagnant at generation {gen}")
            return ranked
        elite = ranked[: len(ranked) // 4 or 1]
        children = [
            mutate(rng, crossover(rng, *rng.sample(elite, 2)) if len(elite) > 1 else elite[0])
            for _ in range(len(population) - len(elite))
        ]
        population = elite + children
    return population


@env.task
async def islands(n_islands: int = 4, size: int = 16, epochs: int = 5, dim: int = 4) -> Genome:
    rng = random.Random(42)
    worlds = [[[rng.uniform(-5, 5) for _ in range(dim)] for _ in range(size)] for _ in range(n_islands)]
    for epoch in range(epochs):
        with flyte.group(f"epoch {epoch}"):
            worlds = await asyncio.gather(
                *(evolve(w, 20, seed=epoch * n_islands + i) for i, w in enumerate(worlds))
            )
        # migration: the best of each island moves on to the next
        migrants = [w[0] for w in worlds]
        for i, w in enumerate(worlds):
            w[-1] = migrants[i - 1]
    champions = [w[0] for w in worlds]
    scores = await asyncio.gather(*map(fitness, champions))
    return champions[scores.index(max(scores))]


@env.task
async def anneal(start: Genome, t0: float = 10.0, cooling: float = 0.9, seed: int = 0) -> tuple[Genome, float]:
    rng = random.Random(seed)
    current, energy = start, -(await fitness(start))
    temperature = t0
    while temperature > 0.01:
        candidate = mutate(rng, current, rate=1.0, sigma=temperature / t0)
        e = -(await fitness(candidate))
        if e < energy or rng.random() < math.exp((energy - e) / temperature):
            current, energy = candidate, e
        temperature *= cooling
    return current, -energy


@env.task
async def compare_optimizers(repeats: int = 3) -> dict[str, float]:
    results: dict[str, list[float]] = {"ga": [], "sa": []}
    for r in range(repeats):
        best, (_, sa_score) = await asyncio.gather(islands(epochs=2), anneal([3.0] * 4, seed=r))
        results["ga"].append(await fitness(best))
        results["sa"].append(sa_score)
    return {k: statistics.median(v) for k, v in results.items()}


if __name__ == "__main__":
    flyte.init_from_config()
    flyte.run(compare_optimizers)
