"""Calls made here and awaited there."""

import asyncio
from typing import Any, Awaitable, Coroutine

import flyte

env = flyte.TaskEnvironment("early-results")


@env.task
async def fetch(name: str) -> str:
    return name


@env.task
async def size(text: str) -> int:
    return len(text)


def start(names: list[str]) -> list[Coroutine[Any, Any, str]]:
    return [fetch(name) for name in names]


def maybe(name: str | None) -> Awaitable[str] | None:
    return fetch(name) if name else None


async def measured(name: str) -> int:
    return await size(await fetch(name))


@env.task
async def main(names: list[str], extra: str | None = None) -> int:
    calls = start(names)
    background = asyncio.create_task(measured("background"))
    pending = {name: measured(name) for name in names}
    texts = await asyncio.gather(*calls)
    sizes = {name: await call for name, call in pending.items()}
    bonus = maybe(extra)
    if bonus is not None:
        texts.append(await bonus)
    first, *rest = [asyncio.create_task(measured(text)) for text in texts]
    total = await first + sum(sizes.values())
    for task in rest:
        total += await task
    return total + await background
