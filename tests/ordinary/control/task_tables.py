"""Tasks in variables, lists and dicts."""

import asyncio

import flyte

env = flyte.TaskEnvironment("tables")


@env.task
async def lower(text: str) -> str:
    return text.lower()


@env.task
async def strip(text: str) -> str:
    return text.strip()


@env.task
async def title(text: str) -> str:
    return text.title()


STEPS = [strip, lower, title]
BY_NAME = {"lower": lower, "strip": strip}


async def apply(steps, text: str) -> str:
    for step in steps:
        text = await step(text)
    return text


@env.task
async def main(text: str, names: list[str], shout: bool = False) -> str:
    text = await apply(STEPS, text)
    chosen = [BY_NAME[name] for name in names if name in BY_NAME]
    variants = await asyncio.gather(*[task(text) for task in chosen])
    final = title if shout else lower
    return await final(" ".join([text, *variants]))
