"""A forecast by voting."""

import asyncio
from enum import Enum

import flyte

env = flyte.TaskEnvironment("main")


class Sky(str, Enum):
    CLEAR = "clear"
    CLOUDY = "cloudy"
    RAIN = "rain"


@env.task
async def ask(station: str, day: int) -> Sky:
    members = list(Sky)
    return members[(len(station) + day) % len(members)]


@env.task
async def vote(answers: list[Sky]) -> Sky:
    return max(set(answers), key=lambda sky: (answers.count(sky), sky.value))


@env.task
async def main(stations: list[str], day: int = 1) -> str:
    answers = await asyncio.gather(*[ask(station, day) for station in stations])
    winner = await vote(list(answers))
    if winner is Sky.RAIN:
        return "take an umbrella"
    return f"it will be {winner.value}"
