# drivers: fit_many, compare, best_of
"""Higher-order helpers: tasks passed as arguments, curried, kept in lists and tuples."""
import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial, reduce
from typing import Any, TypeVar

import flyte

T = TypeVar("T")
R = TypeVar("R")

env = flyte.TaskEnvironment(name="higher_order")


@env.task
async def ridge(rows: list[float], alpha: float) -> float:
    return sum(rows) * alpha


@env.task
async def lasso(rows: list[float], alpha: float) -> float:
    return sum(rows) * alpha / 2


@env.task
async def huber(rows: list[float], alpha: float, epsilon: float = 1.35) -> float:
    return sum(rows) * epsilon


@env.task
async def fetch(name: str) -> list[float]:
    return [1.0, 2.0]


@env.task
async def combine(a: float, b: float) -> float:
    return (a + b) / 2


async def fan_out(fn: Callable[[T], Awaitable[R]], items: Sequence[T]) -> list[R]:
    return list(await asyncio.gather(*[fn(i) for i in items]))


async def retrying(fn, *args, attempts=3, **kwargs):
    last = None
    for _ in range(attempts):
        try:
            return await fn(*args, **kwargs)
        except Exception as e:
            last = e
    raise RuntimeError(f"gave up after {attempts} attempts") from last


async def pairwise_reduce(fn, values):
    values = list(values)
    while len(values) > 1:
        nxt = await asyncio.gather(*[fn(a, b) for a, b in zip(values[::2], values[1::2])])
        values = list(nxt) + (values[-1:] if len(values) % 2 else [])
    return values[0]


def weighted(xs, ws):
    return reduce(lambda acc, p: acc + p[0] * p[1], zip(xs, ws), 0.0)


@env.task
async def fit_many(name: str, alphas: list[float]) -> dict[float, float]:
    rows = await retrying(fetch, name)
    losses = await fan_out(partial(ridge, rows), alphas)
    return dict(zip(alphas, losses))


@env.task
async def compare(name: str, alpha: float = 0.1) -> tuple[str, float]:
    rows = await retrying(fetch, name, attempts=5)
    candidates = [
        ("ridge", ridge, {}),
        ("lasso", lasso, {}),
        ("huber", huber, {"epsilon": 1.1}),
    ]
    best: tuple[str, float] = ("", float("inf"))
    for label, fit, extra in candidates:
        loss = await fit(rows, alpha, **extra)
        if loss < best[1]:
            best = (label, loss)
    return best


@env.task
async def best_of(names: list[str]) -> float:
    params: dict[str, Any] = {"alpha": 0.5}
    fit = ridge if len(names) < 10 else lasso
    tables = await fan_out(fetch, names)
    losses = [await fit(rows=t, **params) for t in tables]
    overall = await pairwise_reduce(combine, losses)
    print(f"weighted: {weighted(losses, [1 / len(losses)] * len(losses)):.3f}")
    return overall


if __name__ == "__main__":
    flyte.init()
    print(flyte.run(best_of, names=list("abc")).outputs())
