"""A decorator below the task's that supplies an argument itself."""

import inspect
from contextlib import asynccontextmanager

import flyte

env = flyte.TaskEnvironment("injected")


class Connection:
    async def query(self, text: str) -> list[int]:
        return [len(text)]


@asynccontextmanager
async def connect():
    yield Connection()


def with_connection(function):
    async def wrapper(text: str) -> list[int]:
        async with connect() as connection:
            return await function(text, connection)

    wrapper.__name__ = function.__name__
    wrapper.__doc__ = inspect.getdoc(function)
    return wrapper


@env.task
@with_connection
async def query(text: str, connection: Connection) -> list[int]:
    """The connection is opened where the task runs."""
    return await connection.query(text)


@env.task
async def main(texts: list[str]) -> int:
    total = 0
    for text in texts:
        total += sum(await query(text))
    return total
