"""Every model on every test set, a table of scores."""

import asyncio
from dataclasses import dataclass
from itertools import product

import flyte

env = flyte.TaskEnvironment("benchmark")


@dataclass(frozen=True, order=True)
class Key:
    model: str
    dataset: str


@env.task(cache="auto", retries=1)
async def evaluate(model: str, dataset: str, limit: int | None = None) -> float:
    return len(model) / (len(dataset) + (limit or 0))


@env.task
async def table(scores: dict[str, float]) -> str:
    return "\n".join(f"| {name} | {score:.2f} |" for name, score in sorted(scores.items()))


@env.task
async def main(models: list[str], datasets: list[str], limit: int | None = None) -> str:
    keys = [Key(m, d) for m, d in product(models, datasets)]
    scores = await asyncio.gather(*(evaluate(k.model, k.dataset, limit=limit) for k in keys))
    named = {f"{key.model}/{key.dataset}": score for key, score in zip(keys, scores, strict=True)}
    return await table(named)
