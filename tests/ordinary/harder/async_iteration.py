"""Asynchronous comprehensions, context managers of the user's, generators that call tasks."""

import asyncio
from collections.abc import AsyncGenerator
from types import TracebackType

import flyte

env = flyte.TaskEnvironment("iteration")


@env.task
async def step(state: int) -> int:
    return state * 2


@env.task
async def close(state: int) -> None:
    print("closed at", state)


class Session:
    def __init__(self, start: int) -> None:
        self.state = start

    async def __aenter__(self) -> "Session":
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await close(self.state)

    async def advance(self) -> int:
        self.state = await step(self.state)
        return self.state

    def __aiter__(self) -> "Session":
        return self

    async def __anext__(self) -> int:
        if self.state > 50:
            raise StopAsyncIteration
        return await self.advance()


async def doubling(start: int, limit: int) -> AsyncGenerator[int, None]:
    while start < limit:
        start = await step(start)
        yield start


@env.task
async def main(start: int = 1, limit: int = 20) -> int:
    async with Session(start) as session:
        first = await session.advance()
        rest = [state async for state in session]
    seen = {state async for state in doubling(first, limit) if state % 4 == 0}
    last = 0
    async for state in doubling(start, limit):
        last = state
        await asyncio.sleep(0)
    return max([last, *seen, *rest])
