"""Context managers, the user's and the library's."""

import contextlib
import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import flyte

env = flyte.TaskEnvironment("contexts")


@contextlib.contextmanager
def working_directory() -> Iterator[Path]:
    before = os.getcwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            yield Path(folder)
        finally:
            os.chdir(before)


@contextlib.asynccontextmanager
async def announced(name: str) -> AsyncIterator[None]:
    print("begin", name)
    yield
    print("end", name)


@env.task
async def write(text: str) -> int:
    with working_directory() as folder:
        return (folder / "out.txt").write_text(text)


@env.task
async def main(texts: list[str]) -> int:
    total = 0
    async with announced("writing"):
        for number, text in enumerate(texts):
            with flyte.group(f"text {number}"), contextlib.suppress(ValueError):
                total += await write(text)
    return total
