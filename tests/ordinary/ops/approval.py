"""Waits for a person."""

import flyte

env = flyte.TaskEnvironment("approval")


@env.task
async def draft(topic: str) -> str:
    return f"about {topic}"


@env.task
async def publish(text: str) -> str:
    return "published: " + text


@env.task
async def main(topic: str) -> str:
    text = await draft(topic)
    condition = await flyte.new_condition.aio("publish?", prompt=text, data_type=bool)
    if await condition.wait.aio():
        return await publish(text)
    return "rejected"
