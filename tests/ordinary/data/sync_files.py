"""Synchronous code with files."""

import gzip
import shutil
from pathlib import Path

import flyte
from flyte.io import File

env = flyte.TaskEnvironment(name="gzip")


@env.task
def compress(source: File) -> File:
    path = Path(source.download_sync())
    target = path.with_suffix(".gz")
    with path.open("rb") as plain, gzip.open(target, "wb") as packed:
        shutil.copyfileobj(plain, packed)
    return File.from_local_sync(target)


@env.task
def checksum(file: File) -> str:
    import hashlib

    with file.open_sync("rb") as handle:
        return hashlib.sha256(handle.read()).hexdigest()


@env.task
def main(sources: list[File]) -> list[str]:
    sums = []
    for source in sources:
        packed = compress(source)
        sums.append(checksum(packed))
    return sums
