"""A map over chunks, with a limit."""

from itertools import islice
from typing import Iterable, Iterator, TypeVar

import flyte

T = TypeVar("T")

env = flyte.TaskEnvironment("inference", resources=flyte.Resources(gpu=1))


def chunked(values: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(values)
    while chunk := list(islice(iterator, size)):
        yield chunk


@env.task
async def predict(texts: list[str]) -> list[float]:
    return [len(text) / 10 for text in texts]


@env.task
async def main(texts: list[str], size: int = 16) -> list[float]:
    scores: list[float] = []
    chunks = list(chunked(texts, size))
    async for part in flyte.map.aio(predict, chunks, concurrency=8, return_exceptions=False):
        scores.extend(part)
    return scores
