# drivers: load_and_clean
"""Steps shared by several scripts in this folder (`from a_shared_steps import ...`)."""
import asyncio
import functools
import logging
from typing import Any, Awaitable, Callable, Iterable, TypeVar

import flyte
import pandas as pd

T = TypeVar("T")
logger = logging.getLogger("shared")

steps_env = flyte.TaskEnvironment(name="shared_steps", resources=flyte.Resources(cpu=1, memory="1Gi"))


@steps_env.task
async def load(uri: str) -> pd.DataFrame:
    return pd.read_parquet(uri)


@steps_env.task
async def clean(df: pd.DataFrame, drop: list[str] | None = None) -> pd.DataFrame:
    return df.drop(columns=drop or []).drop_duplicates()


@steps_env.task
async def save(df: pd.DataFrame, uri: str) -> str:
    df.to_parquet(uri)
    return uri


@steps_env.task
async def notify(message: str) -> None:
    logger.info(message)


@steps_env.task
async def load_and_clean(uri: str, drop: list[str]) -> pd.DataFrame:
    df = await load(uri)
    return await clean(df, drop)


async def gather_limited(coros: Iterable[Awaitable[T]], limit: int = 10) -> list[T]:
    sem = asyncio.Semaphore(limit)

    async def run(c: Awaitable[T]) -> T:
        async with sem:
            return await c

    return list(await asyncio.gather(*(run(c) for c in coros)))


def notify_on_failure(fn: Callable[..., Awaitable[Any]]):
    @functools.wraps(fn)
    async def wrapper(*args: Any, **kwargs: Any) -> Any:
        try:
            return await fn(*args, **kwargs)
        except Exception as e:
            await notify(f"{fn.__name__} failed: {e}")
            raise

    return wrapper
