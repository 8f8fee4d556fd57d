"""A decorator of the user's own below the task's."""

import functools
import logging
import time
from typing import Awaitable, Callable, ParamSpec, TypeVar

import flyte

P = ParamSpec("P")
R = TypeVar("R")

env = flyte.TaskEnvironment("decorated")
log = logging.getLogger("decorated")


def timed(function: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
    @functools.wraps(function)
    async def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        started = time.monotonic()
        try:
            return await function(*args, **kwargs)
        finally:
            log.info("%s took %.2f s", function.__name__, time.monotonic() - started)

    return wrapper


def logged(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        log.info("calling %s", function.__name__)
        return function(*args, **kwargs)

    return wrapper


@timed
async def fetch(address: str) -> str:
    return address.upper()


@env.task
@logged
def shout(text: str) -> str:
    return text + "!"


@env.task
async def main(address: str) -> str:
    text = await fetch(address)
    return await shout.aio(text)
