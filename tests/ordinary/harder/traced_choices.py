"""Chance and the clock, where they are recorded."""

import asyncio
import os
import random
import time
import uuid
from datetime import datetime

import flyte

env = flyte.TaskEnvironment("chance", env_vars={"FLAVOUR": "plain"})


@flyte.trace
async def draw(n: int) -> list[float]:
    return [random.random() for _ in range(n)]


@flyte.trace
async def new_name() -> str:
    return f"{uuid.uuid4()}-{int(time.time())}"


@env.task
async def sample(x: float) -> float:
    return x + random.random()


@env.task
async def save(name: str, values: list[float]) -> str:
    return f"{name}/{datetime.now():%Y}/{len(values)}/{os.environ.get('FLAVOUR')}"


@env.task
async def main(n: int = 3) -> str:
    started = datetime.now()
    values = await draw(n)
    samples = await asyncio.gather(*[sample(value) for value in values])
    if max(samples) > 1.5:
        samples = [min(value, 1.5) for value in samples]
    name = await new_name()
    result = await save(name, list(samples))
    elapsed = datetime.now() - started
    print(f"{result} after {elapsed.total_seconds():.1f} s, id {uuid.uuid4()}")
    return result
