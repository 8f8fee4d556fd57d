"""Tasks that return nothing."""

import asyncio
from typing import Optional

import flyte

env = flyte.TaskEnvironment("effects")


@env.task
async def migrate(table: str) -> None:
    print("migrating", table)


@env.task
async def notify(channel: str, text: str, urgent: bool = False) -> None:
    print(channel, text, urgent)


@env.task
async def backup():
    print("backup")


@env.task
async def main(tables: list[str], channel: Optional[str] = None):
    await backup()
    await asyncio.gather(*[migrate(table) for table in tables])
    if channel:
        await notify(channel, f"{len(tables)} tables", urgent=len(tables) > 10)
