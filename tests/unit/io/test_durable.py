"""`flyte.durable` outside a run: the plain clock, sleep and timeout."""

from __future__ import annotations

import asyncio
import contextlib
import time

import pytest

from flyte import durable


def test_outside_a_run_they_are_the_plain_ones() -> None:
    async def main() -> tuple[float, float]:
        await durable.sleep.aio(0.01)
        return await durable.time.aio(), await durable.random.aio()

    started = time.time()
    durable.sleep(0.01)
    moment, number = asyncio.run(main())
    assert moment - started >= 0.02
    assert 0 <= number < 1
    assert durable.now().timestamp() >= moment


def test_a_block_that_takes_too_long_is_cancelled() -> None:
    async def main() -> int:
        with pytest.raises(TimeoutError, match=r"longer than 0\.01 seconds"):
            async with durable.timeout(0.01):
                await asyncio.sleep(30)
        async with durable.timeout(30):
            await asyncio.sleep(0)
        task = asyncio.current_task()
        assert task is not None
        return task.cancelling()

    assert asyncio.run(main()) == 0


def test_a_cancellation_from_outside_stays_one() -> None:
    async def body() -> None:
        async with durable.timeout(30):
            await asyncio.sleep(30)

    async def main() -> None:
        task = asyncio.ensure_future(body())
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert task.cancelled()

    asyncio.run(main())


def test_a_block_that_swallows_the_cancellation_leaves_none_behind() -> None:
    async def main() -> int:
        async with durable.timeout(0.01):
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.sleep(30)
        task = asyncio.current_task()
        assert task is not None
        return task.cancelling()

    assert asyncio.run(main()) == 0
