# drivers: embed_catalog, tune_blend, relevance, full_eval
"""Image+text search: embed the catalogue, tune the blend weight, measure relevance."""
import asyncio
import itertools
import logging
import math
from dataclasses import dataclass

import flyte
import numpy as np

logger = logging.getLogger(__name__)
encoder_env = flyte.TaskEnvironment("encoders", resources=flyte.Resources(gpu=1, cpu=4, memory="16Gi"))
env = flyte.TaskEnvironment("search_eval", depends_on=[encoder_env], resources=flyte.Resources(cpu=2, memory="4Gi"))


@dataclass
class Item:
    sku: str
    title: str
    image: str


@dataclass
class Judgement:
    query: str
    sku: str
    grade: int


@encoder_env.task(cache="auto")
async def encode_text(texts: list[str]) -> list[list[float]]:
    return [[0.0] * 8 for _ in texts]


@encoder_env.task(cache="auto")
async def encode_images(uris: list[str]) -> list[list[float]]:
    return [[0.0] * 8 for _ in uris]


@env.task
async def knn(query: list[float], matrix: list[list[float]], k: int) -> list[int]:
    return np.argsort(-(np.array(matrix) @ np.array(query)))[:k].tolist()


@env.task
async def load_items(limit: int) -> list[Item]:
    return [Item(f"sku{i}", f"item {i}", f"s3://img/{i}.jpg") for i in range(limit)]


@env.task
async def load_judgements() -> list[Judgement]:
    return [Judgement("shoes", "sku1", 3)]


def blend(a, b, w):
    return [[w * x + (1 - w) * y for x, y in zip(u, v)] for u, v in zip(a, b)]


def ndcg(grades: list[int]) -> float:
    dcg = sum((2**g - 1) / math.log2(i + 2) for i, g in enumerate(grades))
    ideal = sum((2**g - 1) / math.log2(i + 2) for i, g in enumerate(sorted(grades, reverse=True)))
    return dcg / ideal if ideal else 0.0


@env.task
async def embed_catalog(items: list[Item], batch: int = 256) -> tuple[list[list[float]], list[list[float]]]:
    groups = [items[i : i + batch] for i in range(0, len(items), batch)]
    parts = await asyncio.gather(
        *(encode_text([it.title for it in g]) for g in groups),
        *(encode_images([it.image for it in g]) for g in groups),
    )
    half = len(groups)
    text = list(itertools.chain.from_iterable(parts[:half]))
    image = list(itertools.chain.from_iterable(parts[half:]))
    return text, image


@env.task
async def relevance(items: list[Item], matrix: list[list[float]], judgements: list[Judgement], k: int = 10) -> float:
    queries = sorted({j.query for j in judgements})
    vectors = await encode_text(queries)
    grade = {(j.query, j.sku): j.grade for j in judgements}
    scores = []
    for q, hits in zip(queries, await asyncio.gather(*[knn(v, matrix, k) for v in vectors])):
        scores.append(ndcg([grade.get((q, items[h].sku), 0) for h in hits]))
    return sum(scores) / len(scores)


@env.task
async def tune_blend(limit: int = 1000, steps: int = 4, tol: float = 1e-3) -> tuple[float, float]:
    items, judgements = await asyncio.gather(load_items(limit), load_judgements())
    text, image = await embed_catalog(items)
    lo, hi = 0.0, 1.0
    best_w, best = 0.5, -1.0
    for _ in range(steps):
        ws = np.linspace(lo, hi, 5).tolist()
        scores = await asyncio.gather(*[relevance(items, blend(text, image, w), judgements) for w in ws])
        i = int(np.argmax(scores))
        if scores[i] - best < tol:
            break
        best_w, best = ws[i], scores[i]
        width = (hi - lo) / 4
        lo, hi = max(0.0, best_w - width), min(1.0, best_w + width)
        logger.info("w=%.3f ndcg=%.4f", best_w, best)
    return best_w, best


@env.task
async def full_eval(limit: int = 1000) -> dict[str, float]:
    w, tuned = await tune_blend(limit)
    items = await load_items(limit)
    judged = await load_judgements()
    text, image = await embed_catalog(items)
    text_only, image_only = await asyncio.gather(
        relevance(items, text, judged),
        relevance(items, image, judged),
    )
    result = {"weight": w, "tuned": tuned, "text": text_only, "image": image_only}
    return result if tuned >= max(text_only, image_only) else {**result, "weight": float(text_only > image_only)}
