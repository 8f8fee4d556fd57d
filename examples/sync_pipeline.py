"""Plain functions, no `async`: tasks that call each other, and `flyte.map` for many at once.

flyte-compile examples/sync_pipeline.py
flyte run examples/sync_pipeline.py main --top 3
"""

from collections import Counter

import flyte

env = flyte.TaskEnvironment("words")

VERSES = (
    "the fog comes on little cat feet",
    "it sits looking over harbor and city on silent haunches and then moves on",
    "the sea is calm tonight and the tide is full",
)


@env.task
def split(verse: str) -> list[str]:
    return verse.split()


@env.task
def count(verses: list[list[str]]) -> dict[str, int]:
    return dict(Counter(word for verse in verses for word in verse))


@env.task
def most_frequent(counts: dict[str, int], top: int) -> list[str]:
    return sorted(counts, key=lambda word: (-counts[word], word))[:top]


@env.task
def main(top: int = 3) -> str:
    verses = list(flyte.map(split, VERSES, return_exceptions=False))
    counts = count(verses)
    words = most_frequent(counts, top)
    return ", ".join(f"{word} ({counts[word]})" for word in words)
