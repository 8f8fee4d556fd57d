"""What the programs of a driver `main(x)` begin with, which run as Python and from a plan."""

from __future__ import annotations

HEAD = '''
import asyncio
import contextvars
import functools
import inspect
import itertools
import sys
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor
import flyte

env = flyte.TaskEnvironment(__name__)
LOG = []
VARIABLE = contextvars.ContextVar("variable", default=0)
GLOBAL = 100


@env.task
async def inc(x: int) -> int:
    LOG.append(f"inc {x}")
    return x + 1


@env.task
def twice(x: int) -> int:
    LOG.append(f"twice {x}")
    return x * 2


@env.task
async def fail(x: int) -> int:
    raise ValueError(f"no {x}")


@flyte.trace
async def look(x: int) -> int:
    LOG.append(f"look {x}")
    return x + 7


@flyte.trace
def peek(x: int) -> int:
    LOG.append(f"peek {x}")
    return x + 8


class Manager:
    def __init__(self, name, swallow=False):
        self.name, self.swallow = name, swallow

    def __enter__(self):
        LOG.append(f"enter {self.name}")
        return self

    def __exit__(self, kind, error, trace):
        LOG.append(f"exit {self.name} {kind and kind.__name__} {error}")
        return self.swallow

    async def __aenter__(self):
        await asyncio.sleep(0)
        return self.__enter__()

    async def __aexit__(self, *error):
        return self.__exit__(*error)


def chain(error):
    """An error with all that it was raised in."""
    shown = []
    while error is not None:
        shown.append(f"{type(error).__name__}: {error}")
        error = error.__cause__ or error.__context__
    return shown


def lines(error):
    """The lines of this file in an error's traceback."""
    return [
        (frame.name, frame.line)
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename == __file__
    ]
'''
