"""Calls a task that another team has deployed."""

import flyte
import flyte.remote

env = flyte.TaskEnvironment("caller")


@env.task
async def prepare(text: str) -> str:
    return text.strip()


@env.task
async def main(text: str) -> str:
    summarise = flyte.remote.Task.get("nlp.summarise", auto_version="latest")
    text = await prepare(text)
    summary = await summarise(text=text)
    pinned = flyte.remote.Task.get("nlp.translate", version="v1.2")
    return await pinned(text=summary, language="de")
