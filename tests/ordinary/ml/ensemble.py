"""Different models vote; one of them may fail."""

import asyncio
from collections import Counter

import flyte

env = flyte.TaskEnvironment("ensemble")


@env.task
async def linear(text: str) -> str:
    return "spam" if "money" in text else "ham"


@env.task
async def forest(text: str) -> str:
    return "spam" if text.isupper() else "ham"


@env.task
async def network(text: str) -> str:
    if not text:
        raise ValueError("an empty text")
    return "ham"


@env.task
async def main(text: str) -> str:
    votes = await asyncio.gather(linear(text), forest(text), network(text), return_exceptions=True)
    valid = [vote for vote in votes if not isinstance(vote, BaseException)]
    if not valid:
        raise RuntimeError("no model answered")
    return Counter(valid).most_common(1)[0][0]
