"""An open file for asynchronous code: each operation on a thread."""

from __future__ import annotations

import asyncio
from typing import IO, Any


class AsyncFile:
    """A file whose operations are awaited; `async for` gives its lines."""

    def __init__(self, file: IO[Any]) -> None:
        self._file = file

    async def read(self, size: int = -1) -> Any:
        """The next `size` bytes or letters; all that is left by default."""
        return await asyncio.to_thread(self._file.read, size)

    async def readline(self) -> Any:
        """The next line; empty at the end."""
        return await asyncio.to_thread(self._file.readline)

    async def readlines(self) -> list[Any]:
        """All lines that are left."""
        return await asyncio.to_thread(self._file.readlines)

    async def write(self, content: Any) -> int:
        """Write; how much."""
        return await asyncio.to_thread(self._file.write, content)

    async def seek(self, offset: int, whence: int = 0) -> int:
        """Move to a place in it."""
        return await asyncio.to_thread(self._file.seek, offset, whence)

    async def tell(self) -> int:
        """The place in it."""
        return await asyncio.to_thread(self._file.tell)

    async def flush(self) -> None:
        """Hand what is written to the system."""
        await asyncio.to_thread(self._file.flush)

    async def close(self) -> None:
        """Close it; leaving its `async with` does."""
        await asyncio.to_thread(self._file.close)

    def __aiter__(self) -> AsyncFile:
        return self

    async def __anext__(self) -> Any:
        line = await self.readline()
        if not line:
            raise StopAsyncIteration
        return line
