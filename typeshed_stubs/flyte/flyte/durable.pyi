"""A clock and a sleep that a resumed run doesn't repeat."""

from datetime import datetime

from flyte.syncify import syncify

@syncify
async def sleep(seconds: float) -> None: ...
@syncify
async def time() -> float: ...
@syncify
async def now() -> datetime: ...
@syncify
async def random() -> float: ...
