"""A clock, a sleep and random numbers that a resumed run doesn't ask for again.

Each call is recorded as an action of the task that makes it, and replayed as it was; outside a
run they are the plain ones. Called plain from synchronous code, as `.aio` from asynchronous code:

    await flyte.durable.sleep.aio(3600)
    started = flyte.durable.now()
"""

from __future__ import annotations

import asyncio
import random as _random
import time as _time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TypeVar

from flyte._trace import trace
from flyte.syncify import WithAio

R = TypeVar("R")

__all__ = ["now", "random", "sleep", "time", "timeout"]

_LONGEST_NAP = 0.2
"""A thread that sleeps in parts can be interrupted between them."""


def _recorded(name: str, read: Callable[[], R], meaning: str) -> WithAio[[], R]:
    """What `read` gives, recorded as `flyte.durable.NAME`."""

    def blocking() -> R:
        return read()

    async def asynchronous() -> R:
        return read()

    for function in (blocking, asynchronous):
        function.__name__ = function.__qualname__ = name
        function.__doc__ = meaning
    return WithAio(trace(blocking), trace(asynchronous))


time = _recorded("time", _time.time, "Seconds since the epoch, as they were when first asked.")
now = _recorded(
    "now", lambda: datetime.now(UTC), "The time in UTC, as it was when first asked; aware."
)
random = _recorded("random", _random.random, "A number from 0 to 1, the same in every replay.")


@trace
def _wait_until(moment: float) -> None:
    while (left := moment - _time.time()) > 0:
        _time.sleep(min(left, _LONGEST_NAP))


@trace
async def _wait_until_aio(moment: float) -> None:
    await asyncio.sleep(max(0.0, moment - _time.time()))


def _sleep(seconds: float) -> None:
    """Wait. A run that is resumed meanwhile waits for the rest, and after the end not again."""
    _wait_until(time() + seconds)


async def _sleep_aio(seconds: float) -> None:
    await _wait_until_aio(await time.aio() + seconds)


sleep: WithAio[[float], None] = WithAio(_sleep, _sleep_aio)


@asynccontextmanager
async def timeout(seconds: float) -> AsyncIterator[None]:
    """Cancel what the `async with` block waits for when it takes longer than that.

    The end of the time is an outcome like others, in its turn among them: a replay takes the
    same decision. The time counts from the first execution, across resumes.

    Raises:
        TimeoutError: it took longer.
    """
    body = asyncio.current_task()
    assert body is not None
    earlier = body.cancelling()
    has_passed = is_over = False

    def cancel(timer: asyncio.Task[None]) -> None:
        nonlocal has_passed
        if not timer.cancelled() and not is_over:
            has_passed = True
            body.cancel()

    timer = asyncio.ensure_future(_sleep_aio(seconds))
    timer.add_done_callback(cancel)
    try:
        yield
    except asyncio.CancelledError:
        if has_passed and body.uncancel() <= earlier:
            raise TimeoutError(f"it took longer than {seconds} seconds") from None
        raise
    else:
        if has_passed:  # and the block swallowed it
            body.uncancel()
    finally:
        is_over = True
        await _stopped(timer)


async def _stopped(timer: Awaitable[None]) -> None:
    """Cancel a timer and wait for its end, so that nothing of it goes on."""
    assert isinstance(timer, asyncio.Future)
    timer.cancel()
    await asyncio.wait([timer])
