"""Calls at once: whole, unpacked, nested as arguments, with errors as results."""

import asyncio

import flyte

env = flyte.TaskEnvironment("words")


@env.task
async def length(word: str) -> int:
    return len(word)


@env.task
def shout(word: str) -> str:
    return word.upper()


@env.task
async def main(word: str, other: str) -> str:
    first, second = await asyncio.gather(length(word), length(other))
    both = await asyncio.gather(shout.aio(word), length(other + "!"), return_exceptions=True)
    total = await length(await shout.aio(word)) + first
    return f"{second} {both} {total}"
