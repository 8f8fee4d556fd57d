"""A traced stream of tokens, collected by the driver."""

from collections.abc import AsyncIterator

import flyte

env = flyte.TaskEnvironment("stream")


@flyte.trace
async def tokens(prompt: str) -> AsyncIterator[str]:
    for word in prompt.split():
        yield word + " "


@env.task
async def count(text: str) -> int:
    return len(text)


@env.task
async def main(prompt: str = "a few words") -> int:
    text = ""
    async for token in tokens(prompt):
        text += token
    return await count(text)
