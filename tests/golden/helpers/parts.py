"""A helper of another module."""

from shared import grow

FACTOR = 10


async def scaled(x: int) -> int:
    return await grow(x) * FACTOR
