"""The text around generated control flow: what its drivers call, in two modules."""

from __future__ import annotations

SECOND = """
import flyte

env = flyte.TaskEnvironment("{env}-second")
LOG = []


@env.task
async def far(a: int) -> int:
    return a + 10


async def farther(a: int, *rest: int, by: int = 1) -> int:
    LOG.append(a)
    for each in (a, *rest):
        a += await far(each * by)
    return a


class Far:
    def __init__(self, a: int) -> None:
        self.a = a

    async def go(self, by: int) -> int:
        self.a = await far(self.a + by)
        return self.a
"""

HELPERS = '''
import contextlib
import functools
import second_{env} as second
from second_{env} import Far, farther


class Guard:
    """Notes how it is left; swallows a ValueError where it is told to."""

    def __init__(self, swallows: bool) -> None:
        self.swallows = swallows

    def __enter__(self) -> int:
        STATE.append(len(STATE))
        return STATE[-1]

    def __exit__(self, kind: object, error: object, trace: object) -> bool:
        STATE.append(-1 if kind is None else -2)
        return self.swallows and kind is ValueError

    async def __aenter__(self) -> int:
        return self.__enter__()

    async def __aexit__(self, *error: object) -> bool:
        return self.__exit__(*error)


class Walker:
    """Calls tasks from its methods, of every kind."""

    start = 1

    def __init__(self, a: int) -> None:
        self.a = a

    async def step(self, by: int = 1) -> int:
        self.a = await add(self.a, by)
        return self.a

    async def steps(self, count: int) -> int:
        for number in range(count):
            if await self.step(number) > 8:
                break
        return self.a

    def half(self, a: int) -> int:
        return times(a, self.a) // 2

    @classmethod
    async def made(cls, a: int) -> int:
        return await cls(await add(a, cls.start)).step()

    @staticmethod
    async def apart(a: int) -> int:
        return await picky(a)


async def twice(a: int, *, more: int = 1) -> int:
    if a > 6:
        return a
    for _ in range(2):
        a = await add(a, more)
    return a


async def countdown(a: int) -> int:
    return 0 if a <= 0 else await countdown(await add(min(a, 7), -2)) + 1


async def careful(a: int) -> int:
    try:
        return await picky(a)
    except ValueError as error:
        STATE.append(len(str(error)))
        if a > 3:
            raise
        return 0
    finally:
        STATE.append(a)


async def both(a: int, b: int) -> int:
    one, two = await asyncio.gather(careful(a), add(b))
    return one - two


async def many(*values: int, by: int = 1, **more: int) -> int:
    total = by
    for value in (*values, *more.values()):
        total += await add(value, by)
    return total


async def first_of(values: list[int], wanted=lambda v: v > 1) -> int:
    for value in values:
        with contextlib.suppress(ValueError):
            found = await picky(value)
            if wanted(found):
                return found
    return found


def plain(a: int) -> int:
    return times(a, 2) if a < 3 else a


def loud(a: int) -> int:
    if a > 2:
        raise ValueError(a)
    return plain(a)


@flyte.trace
async def steps(a: int):
    for number in range(3):
        yield number + a


@env.task
def product(a: int) -> int:
    return sum(times(v, a) for v in range(2))


TASKS = {{"add": add, "picky": picky, "nested": nested}}
'''

SYNC_DRIVER = """

@env.task
def main(x: int, y: int) -> list[int]:
    global STATE
    STATE = [0]
    box = Box()
    z = x
    xs = [y]
"""
