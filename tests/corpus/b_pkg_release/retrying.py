# drivers:
"""Helpers around tasks: they take the task as an argument."""
import functools
import random


class Exhausted(Exception):
    pass


async def with_retries(task, *args, times=3, on_error=None, **kwargs):
    last = None
    for attempt in range(times):
        try:
            return await task(*args, **kwargs)
        except Exception as e:
            last = e
            if on_error:
                on_error(attempt, e)
    raise Exhausted(f"{times} attempts") from last


async def first_ok(calls):
    for call in calls:
        try:
            return await call()
        except Exception:
            continue
    raise Exhausted("none of them worked")


def logged(fn):
    @functools.wraps(fn)
    async def wrapper(*a, **kw):
        print("→", fn.__name__, a)
        result = await fn(*a, **kw)
        print("←", fn.__name__)
        return result

    return wrapper


def jitter(base: float) -> float:
    return base * (1 + random.random())
