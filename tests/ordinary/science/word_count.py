"""Map and reduce, by hand."""

import asyncio
import re
from collections import Counter

import flyte

env = flyte.TaskEnvironment("words")

WORD = re.compile(r"\w+")
STOP = {"the", "a", "of"}


@env.task
async def count(text: str) -> dict[str, int]:
    return dict(Counter(word for word in WORD.findall(text.lower()) if word not in STOP))


@env.task
async def reduce(counts: list[dict[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for part in counts:
        total.update(part)
    return dict(total.most_common(10))


@env.task
async def main(texts: list[str]) -> dict[str, int]:
    return await reduce(await asyncio.gather(*map(count, texts)))
