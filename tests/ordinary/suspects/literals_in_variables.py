"""Texts and tables in variables, whose types a checker takes for wider than they are."""

import asyncio
from typing import Literal, TypedDict

import flyte

env = flyte.TaskEnvironment("narrow")

Mode = Literal["fast", "exact"]


class User(TypedDict):
    name: str
    age: int


@env.task
async def solve(mode: Mode, size: int = 1) -> float:
    return size if mode == "fast" else size / 3


@env.task
async def greet(user: User) -> str:
    return f"{user['name']} ({user['age']})"


@env.task
async def main(exact: bool = False) -> str:
    mode = "exact" if exact else "fast"
    first = await solve(mode)
    results = await asyncio.gather(*[solve(each) for each in ("fast", "exact")])
    total = first
    for each in ["fast", "exact"]:
        total += await solve(mode=each, size=2)
    user = {"name": "Ada", "age": 36}
    users = [{"name": "Grace", "age": 45}, user]
    texts = [await greet(each) for each in users]
    return f"{total + sum(results)} {await greet(user)} {texts}"
