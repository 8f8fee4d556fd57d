# drivers: tag_corpus, tag_corpus_map, entity_counts
"""Named entities over a news corpus, with two ways of fanning out."""
import asyncio
import logging
from collections import Counter
from functools import partial

import flyte
import spacy

logging.basicConfig(level=logging.INFO)
logger = logging.getLogger(__name__)

env = flyte.TaskEnvironment(
    name="ner",
    image=flyte.Image.from_debian_base().with_pip_packages("spacy"),
    resources=flyte.Resources(cpu=2, memory="4Gi"),
)


@env.task
async def fetch_articles(source: str, limit: int) -> list[str]:
    return [f"{source} article {i}" for i in range(limit)]


@env.task
async def tag_batch(texts: list[str], model: str = "en_core_web_sm") -> list[tuple[str, str]]:
    nlp = spacy.load(model)
    return [(ent.text, ent.label_) for doc in nlp.pipe(texts) for ent in doc.ents]


@env.task
async def store(entities: list[tuple[str, str]], table: str) -> int:
    logger.info(f"storing {len(entities)} entities in {table}")
    return len(entities)


def batches(xs, n):
    return [xs[i : i + n] for i in range(0, len(xs), n)]


@env.task
async def tag_corpus(source: str, limit: int = 1000, batch_size: int = 100) -> int:
    articles = await fetch_articles(source, limit)
    tagged = await asyncio.gather(*[tag_batch(b) for b in batches(articles, batch_size)])
    entities = [e for batch in tagged for e in batch]
    return await store(entities, table=f"entities_{source}")


@env.task
async def tag_corpus_map(source: str, model: str, limit: int = 1000) -> int:
    articles = await fetch_articles(source, limit)
    entities: list[tuple[str, str]] = []
    async for found in flyte.map.aio(partial(tag_batch, model=model), batches(articles, 50), group_name="ner"):
        if isinstance(found, Exception):
            logger.error("batch failed: %s", found)
            continue
        entities.extend(found)
    return await store(entities, f"entities_{source}_{model}")


@env.task
async def entity_counts(sources: list[str], label: str = "ORG", top: int = 10) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for source in sources:
        articles = await fetch_articles(source, 100)
        entities = await tag_batch(articles)
        counts.update(text for text, kind in entities if kind == label)
    return dict(counts.most_common(top))
