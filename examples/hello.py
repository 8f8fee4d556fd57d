"""The smallest program: one task that calls another.

flyte-compile examples/hello.py
flyte run examples/hello.py main --name World
"""

import flyte

env = flyte.TaskEnvironment("hello")


@env.task
async def greet(name: str) -> str:
    return f"Hello, {name}!"


@env.task
async def main(name: str = "World") -> str:
    greeting = await greet(name)
    return greeting.upper()
