"""More of everything with each attempt."""

import asyncio
from dataclasses import dataclass

import flyte
from flyte.errors import OOMError, RetriesExhaustedError, RuntimeSystemError, TaskTimeoutError

env = flyte.TaskEnvironment("tuned", resources=flyte.Resources(cpu=1, memory="1Gi"))

LADDER = [("1Gi", 60), ("4Gi", 300), ("16Gi", 900)]


@dataclass
class Attempt:
    memory: str
    error: str | None = None
    value: float | None = None


@env.task(retries=1, timeout=60)
async def fit(rows: int) -> float:
    return rows**0.5


async def climb(rows: int) -> list[Attempt]:
    attempts: list[Attempt] = []
    for memory, seconds in LADDER:
        tuned = fit.override(resources=flyte.Resources(memory=memory), timeout=seconds, retries=2)
        try:
            value = await tuned(rows)
        except (OOMError, TaskTimeoutError, RetriesExhaustedError) as error:
            attempts.append(Attempt(memory, error=type(error).__name__))
            continue
        except RuntimeSystemError:
            await asyncio.sleep(0.01)
            value = await tuned(rows)
        attempts.append(Attempt(memory, value=value))
        break
    return attempts


@env.task
async def main(sizes: list[int]) -> dict[int, float]:
    found: dict[int, float] = {}
    for size, attempts in zip(sizes, await asyncio.gather(*map(climb, sizes))):
        *failed, last = attempts
        if last.value is not None:
            found[size] = last.value
        print(size, "after", len(failed), "failures")
    return found
