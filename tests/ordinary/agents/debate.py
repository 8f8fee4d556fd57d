"""Two debaters and a judge."""

import asyncio
from dataclasses import dataclass

import flyte
from flyte.errors import RuntimeUserError

env = flyte.TaskEnvironment("debate")


@dataclass(frozen=True)
class Statement:
    side: str
    text: str


@env.task
async def speak(side: str, topic: str, so_far: list[Statement]) -> Statement:
    return Statement(side, f"{side} on {topic}, {len(so_far)}")


@env.task
async def judge(statements: list[Statement]) -> str:
    if not statements:
        raise ValueError("nobody spoke")
    return statements[-1].side


@env.task
async def main(topic: str, rounds: int = 2) -> str:
    history: list[Statement] = []
    for _ in range(rounds):
        pro, contra = await asyncio.gather(
            speak("pro", topic, history),
            speak("contra", topic, history),
        )
        history.extend([pro, contra])
    try:
        winner = await judge(history)
    except RuntimeUserError as error:
        print("no verdict:", error)
        winner = "nobody"
    return winner
