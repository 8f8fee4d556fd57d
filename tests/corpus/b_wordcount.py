# drivers: word_count, word_count_sync, tree_reduce, top_words
"""The classic: map-reduce word count, three ways."""
import asyncio
import collections
import functools
import string
from typing import Dict, List

import flyte

env = flyte.TaskEnvironment(name="wordcount")
STOP = {"the", "a", "of", "and", "to"}


@env.task
def split_text(text: str, n: int) -> List[str]:
    words = text.split()
    size = max(1, len(words) // n)
    return [" ".join(words[i:i + size]) for i in range(0, len(words), size)]


@env.task
def count(chunk: str) -> Dict[str, int]:
    table = str.maketrans("", "", string.punctuation)
    return dict(collections.Counter(w.translate(table).lower() for w in chunk.split()))


@env.task
def merge(a: Dict[str, int], b: Dict[str, int]) -> Dict[str, int]:
    out = dict(a)
    for k, v in b.items():
        out[k] = out.get(k, 0) + v
    return out


@env.task
def word_count_sync(text: str, n: int = 4) -> Dict[str, int]:
    chunks = split_text(text, n)
    counts = list(flyte.map(count, chunks))
    return functools.reduce(merge, counts)


@env.task
async def tree_reduce(parts: List[Dict[str, int]]) -> Dict[str, int]:
    while len(parts) > 1:
        pairs = [parts[i:i + 2] for i in range(0, len(parts), 2)]
        parts = await asyncio.gather(*[merge.aio(*p) for p in pairs if len(p) == 2]) + [
            p[0] for p in pairs if len(p) == 1
        ]
    return parts[0] if parts else {}


@env.task
async def word_count(text: str, n: int = 4) -> Dict[str, int]:
    chunks = await split_text.aio(text, n)
    counts = await asyncio.gather(*(count.aio(c) for c in chunks))
    return await tree_reduce(list(counts))


@env.task
async def top_words(paths: List[str], k: int = 10) -> List[str]:
    total = collections.Counter()
    for path in paths:
        with open(path, encoding="utf8") as fh:
            text = fh.read()
        total.update(await word_count(text, n=8))
    for w in STOP:
        total.pop(w, None)
    return [w for w, _ in total.most_common(k)]


if __name__ == "__main__":
    flyte.init()
    run = flyte.run(word_count_sync, text="to be or not to be", n=2)
    print(run.outputs())
