"""Written in an afternoon: no annotations but at the tasks' results."""

import flyte

env = flyte.TaskEnvironment("untyped")


def clean(words):
    seen = {}
    for word in words:
        key = word.strip().lower()
        seen[key] = seen.get(key, 0) + 1
    return seen


def top(counts, n=3):
    return sorted(counts.items(), key=lambda pair: -pair[1])[:n]


@env.task
async def read(path: str) -> list[str]:
    with open(path) as handle:
        return handle.read().split()


@env.task
async def count(words: list[str]) -> dict[str, int]:
    return clean(words)


@env.task
async def main(path: str) -> str:
    words = await read(path)
    counts = await count(words)
    best = top(counts)
    return ", ".join(f"{word} ({n})" for word, n in best)
