"""Asks again while the answer can't be read."""

import json
import re

import flyte

env = flyte.TaskEnvironment("extract")


@env.task
async def ask(prompt: str, attempt: int) -> str:
    return '{"name": "x", "age": 3}' if attempt else "sure: {name: x}"


def read(answer: str) -> dict[str, str] | None:
    found = re.search(r"\{.*\}", answer, re.S)
    if found is None:
        return None
    try:
        values = json.loads(found.group())
    except json.JSONDecodeError:
        return None
    return {key: str(value) for key, value in values.items()}


@env.task
async def save(values: dict[str, str]) -> int:
    return len(values)


@env.task
async def main(prompt: str, attempts: int = 3) -> int:
    for attempt in range(attempts):
        answer = await ask(prompt, attempt)
        values = read(answer)
        if values is not None:
            return await save(values)
        prompt += "\nAnswer with JSON only."
    raise ValueError(f"no answer after {attempts} attempts")
