"""Tools chosen by `match`."""

from typing import Literal, TypedDict

import flyte

env = flyte.TaskEnvironment("dispatcher")

Action = Literal["add", "multiply", "stop"]


class Decision(TypedDict):
    action: Action
    value: float


@env.task
async def add(total: float, value: float) -> float:
    return total + value


@env.task
async def multiply(total: float, value: float) -> float:
    return total * value


@flyte.trace
async def decide(total: float) -> Decision:
    if total > 100:
        return {"action": "stop", "value": 0}
    return {"action": "add" if total < 10 else "multiply", "value": 3}


@env.task
async def main(start: float = 1.0) -> float:
    total = start
    while True:
        decision = await decide(total)
        match decision["action"]:
            case "add":
                total = await add(total, decision["value"])
            case "multiply":
                total = await multiply(total, decision["value"])
            case "stop":
                return total
