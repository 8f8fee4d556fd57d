"""Files made, walked and read, in threads too."""

import asyncio
import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import flyte
from flyte.io import Dir, File

env = flyte.TaskEnvironment("files")


@env.task
async def make(n: int) -> Dir:
    folder = Path(tempfile.mkdtemp())
    for i in range(n):
        (folder / f"{i}.txt").write_text(str(i))
    return await Dir.from_local(folder)


@env.task
async def read(file: File) -> str:
    async with file.open("rb") as f:
        return bytes(await f.read()).decode()


@env.task
def read_all(folder: Dir) -> list[str]:
    path = folder.download_sync()
    with ThreadPoolExecutor() as pool:
        return list(pool.map(lambda p: p.read_text(), sorted(Path(path).iterdir())))


@env.task
async def upload(text: str) -> File:
    with tempfile.NamedTemporaryFile("w", delete=False) as f:
        f.write(text)
    return await File.from_local(f.name)


@env.task
async def maybe(folder: Dir, name: str) -> File | None:
    return await folder.get_file(name)


@env.task
async def main(n: int = 3) -> str:
    folder = await make(n)
    files = [f async for f in folder.walk()]
    files = sorted(files, key=lambda f: f.path)
    texts = await asyncio.gather(*[read(f) for f in files])
    texts2 = await read_all.aio(folder)
    found = await maybe(folder, "0.txt")
    if found is None:
        raise FileNotFoundError("0.txt")
    up = await upload(text="".join(texts) + "".join(texts2))
    return await read(up) + await read(found) + os.path.basename(up.path)
