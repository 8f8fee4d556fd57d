"""Errors of the user's own, raised in tasks and caught in drivers."""

import asyncio

import flyte
from flyte.errors import OOMError, RetriesExhaustedError, RuntimeUserError

env = flyte.TaskEnvironment("errors", resources=flyte.Resources(memory="1Gi"))


class BadInput(ValueError):
    def __init__(self, name: str) -> None:
        super().__init__(f"bad input {name}")
        self.name = name


@env.task(retries=2)
async def parse(name: str) -> int:
    if not name.isdigit():
        raise BadInput(name)
    return int(name)


@env.task
async def alert(text: str) -> None:
    print(text)


async def parse_or(name: str, default: int | None = None) -> int | None:
    try:
        return await parse(name)
    except (BadInput, RuntimeUserError):
        return default


@env.task
async def main(names: list[str]) -> int:
    total = 0
    for name in names:
        try:
            total += await parse(name)
        except BadInput as error:
            await alert(f"skipped {error.name}")
        except RetriesExhaustedError:
            await alert(f"gave up on {name}")
            raise
        except OOMError:
            total += await parse.override(resources=flyte.Resources(memory="4Gi"))(name)
        except Exception as error:
            raise RuntimeError(f"cannot go on: {error}") from error
    more = await asyncio.gather(*[parse_or(name, default=0) for name in names])
    return total + sum(value for value in more if value is not None)


@env.task
async def grouped(names: list[str]) -> int:
    calls = []
    try:
        async with asyncio.TaskGroup() as group:
            calls = [group.create_task(parse(name)) for name in names]
    except* RuntimeUserError as errors:
        await alert(f"{len(errors.exceptions)} failed")
    return sum(call.result() for call in calls if not call.exception())
