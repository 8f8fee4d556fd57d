"""Rounds of local training and averaging."""

import asyncio

import flyte

env = flyte.TaskEnvironment("federated")

Weights = dict[str, list[float]]


@env.task
async def local_training(site: str, weights: Weights, epochs: int = 1) -> Weights:
    return {
        name: [value + len(site) * epochs for value in values] for name, values in weights.items()
    }


@env.task
async def average(updates: list[Weights]) -> Weights:
    names = updates[0].keys()
    return {
        name: [sum(column) / len(updates) for column in zip(*(update[name] for update in updates))]
        for name in names
    }


@env.task
async def main(sites: list[str], rounds: int = 3) -> Weights:
    weights: Weights = {"layer": [0.0, 0.0], "bias": [0.0]}
    for r in range(rounds):
        with flyte.group(f"round-{r}"):
            updates = await asyncio.gather(*[local_training(site, weights) for site in sites])
        weights = await average(list(updates))
    return weights
