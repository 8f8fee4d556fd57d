"""Programs of any length for the compiler to be measured on: the same text for the same length."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

HEADER = '''"""A program that was written by a program."""

import asyncio

import flyte

env = flyte.TaskEnvironment(name="measured")

'''


def dense(lines: int) -> str:
    """Drivers upon drivers, with every construct that lowering knows: a call in three lines."""
    return _written(lines, _dense_block)


def ordinary(lines: int) -> str:
    """A task in ten lines, as most programs have them: leaves, helpers, drivers of a few calls."""
    return _written(lines, _ordinary_block)


def _written(lines: int, block: Callable[[int], str]) -> str:
    pieces = [HEADER]
    length = HEADER.count("\n")
    for number in count():
        piece = block(number)
        if length + piece.count("\n") > lines:
            return "".join(pieces)
        pieces.append(piece)
        length += piece.count("\n")
    raise AssertionError("counting never ends")


def _dense_block(n: int) -> str:
    return _DENSE.replace("{n}", str(n))


def _ordinary_block(n: int) -> str:
    return _ORDINARY.replace("{n}", str(n))


_DENSE = """
@env.task
async def load_{n}(key: str, limit: int = 10) -> list[int]:
    return [len(key)] * limit


@env.task
async def score_{n}(value: int, weight: float = 1.0) -> float:
    return value * weight


async def retried_{n}(value: int) -> float:
    for attempt in range(3):
        try:
            return await score_{n}(value, weight=1.0 / (attempt + 1))
        except ValueError as error:
            print(f"attempt {attempt} of {value}: {error}")
    return await score_{n}(value)


@env.task
async def drive_{n}(keys: list[str], deep: bool = False) -> dict[str, float]:
    found: dict[str, float] = {}
    first = await load_{n}(keys[0], limit=len(keys))
    rows, extra = await asyncio.gather(load_{n}(keys[-1]), load_{n}("extra", limit=2))
    for key in keys:
        values = await load_{n}(key)
        if not values:
            continue
        scores = await asyncio.gather(*[score_{n}(value, 0.5) for value in values if value])
        found[key] = sum(scores) / max(len(scores), 1)
        if found[key] > 100 and deep:
            found[key] += await score_{n}(await retried_{n}(len(key)))
            break
    total = 0.0
    while total < 10:
        step = await score_{n}(len(rows) + 1)
        total += step if step > 0 else await retried_{n}(1)
    try:
        best = await score_{n}(max(first), weight=total)
    except (ValueError, RuntimeError) as error:
        best = await score_{n}(len(str(error)))
    else:
        print(f"{best=} of {len(extra)} rows")
    match len(first):
        case 0:
            label = "none"
        case 1 | 2:
            label = str(await score_{n}(2))
        case _:
            label = "many" if deep and await score_{n}(3) else "few"
    pending = [asyncio.create_task(score_{n}(row)) for row in rows]
    found[label] = sum([await one for one in pending]) + best
    return found
"""

_ORDINARY = '''
@env.task
async def fetch_{n}(key: str, limit: int = 10) -> list[int]:
    """Fetch the rows of a key."""
    rows = [len(key)] * limit
    for row in rows:
        if row > limit:
            raise ValueError(f"{key} has a row of {row}")
    return rows


@env.task
async def clean_{n}(rows: list[int], low: int = 0) -> list[int]:
    """Drop what is too low."""
    kept = [row for row in rows if row >= low]
    if len(kept) < len(rows):
        print(f"dropped {len(rows) - len(kept)} rows of {len(rows)}")
    return sorted(kept)


@env.task
async def summarise_{n}(rows: list[int], weight: float = 1.0) -> float:
    total = sum(row * weight for row in rows)
    return total / max(len(rows), 1)


@env.task
async def report_{n}(key: str, extra: bool = False) -> float:
    """One key from its rows to a number."""
    rows = await fetch_{n}(key, limit=20)
    kept = await clean_{n}(rows, low=2)
    mean = await summarise_{n}(kept)
    if extra:
        others = await asyncio.gather(*[fetch_{n}(f"{key}{i}") for i in range(3)])
        mean += sum(map(len, others))
    return mean
'''
