"""Answers from documents: embed, index, retrieve, answer."""

import asyncio
import math

import flyte

embedder = flyte.TaskEnvironment(
    "embedder",
    resources=flyte.Resources(gpu="T4:1"),
    reusable=flyte.ReusePolicy(replicas=2, concurrency=1),
    image=flyte.Image.from_debian_base().with_pip_packages("unionai-reuse>=0.1.10"),
)
env = flyte.TaskEnvironment("rag", depends_on=[embedder])

Vector = list[float]


@embedder.task(cache="auto")
async def embed(texts: list[str]) -> list[Vector]:
    return [[float(len(text)), float(text.count(" "))] for text in texts]


def similarity(a: Vector, b: Vector) -> float:
    norm = math.hypot(*a) * math.hypot(*b)
    return sum(x * y for x, y in zip(a, b)) / norm if norm else 0.0


@env.task
async def retrieve(index: dict[str, Vector], question: Vector, k: int = 3) -> list[str]:
    ranked = sorted(index, key=lambda text: similarity(index[text], question), reverse=True)
    return ranked[:k]


@env.task
async def answer(question: str, passages: list[str]) -> str:
    return question + " " + " | ".join(passages)


@env.task
async def main(documents: list[str], question: str) -> str:
    chunks = [chunk for document in documents for chunk in document.split("\n\n")]
    vectors, [asked] = await asyncio.gather(embed(chunks), embed([question]))
    passages = await retrieve(dict(zip(chunks, vectors)), asked)
    return await answer(question, passages)
