"""Counts the lines of every file in a folder, in the order of the files' names."""

import asyncio

import flyte
from flyte.io import Dir, File

env = flyte.TaskEnvironment("lines")


@env.task
async def count_lines(file: File) -> int:
    async with file.open("rb") as handle:
        text = await handle.read()
    return text.count(b"\n")


@env.task
async def list_files(folder: Dir) -> list[File]:
    files = await folder.list_files()
    return sorted(files, key=lambda file: file.path)


@env.task
async def main(folder: Dir) -> dict[str, int]:
    files = await list_files(folder)
    counts = await asyncio.gather(*[count_lines(file) for file in files])
    return {file.path: count for file, count in zip(files, counts)}
