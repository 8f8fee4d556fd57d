"""Annotations as text, names under TYPE_CHECKING."""

from __future__ import annotations

import typing as t
from typing import TYPE_CHECKING

import flyte

if TYPE_CHECKING:
    from collections.abc import Sequence

env = flyte.TaskEnvironment("annotations")


@env.task
async def lengths(words: t.List[str]) -> "t.Dict[str, int]":
    return {word: len(word) for word in words}


@env.task
async def longest(sizes: "dict[str, int]") -> t.Optional[str]:
    return max(sizes, key=lambda word: sizes[word]) if sizes else None


def shorten(words: Sequence[str], limit: int = 3) -> list[str]:
    return list(words[:limit])


@env.task
async def main(text: str) -> t.Union[str, None]:
    sizes = await lengths(shorten(text.split()))
    return await longest(sizes)
