"""Digests of contents, and those that a user computes some other way."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, Protocol, runtime_checkable

from flyte_plan.digest import digest

CHUNK = 1 << 20


@runtime_checkable
class HashMethod(Protocol):
    """A digest of one's own, fed in parts."""

    def update(self, data: Any, /) -> None:
        """Take the next part."""

    def result(self) -> str:
        """The digest of all parts."""

    def reset(self) -> None:
        """Begin anew."""


class HashFunction:
    """A function of one whole value as a `HashMethod`."""

    def __init__(self, fn: Callable[[Any], str]) -> None:
        self._function = fn
        self._result: str | None = None

    def update(self, data: Any, /) -> None:
        """Digest `data`."""
        self._result = self._function(data)

    def result(self) -> str:
        """The digest of what was given last.

        Raises:
            ValueError: nothing was.
        """
        if self._result is None:
            raise ValueError("`result` of a hash function that was given nothing")
        return self._result

    def reset(self) -> None:
        """Forget it."""
        self._result = None

    @classmethod
    def from_fn(cls, fn: Callable[[Any], str]) -> HashFunction:
        """A `HashFunction` of `fn`."""
        return cls(fn)


def copy_hashing(source: IO[bytes], target: IO[bytes]) -> str:
    """Copy; the SHA-256 of what was copied, in hexadecimal."""
    running = hashlib.sha256()
    while chunk := source.read(CHUNK):
        running.update(chunk)
        target.write(chunk)
    return running.hexdigest()


def file_digest(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def own_digest(method: HashMethod, path: Path) -> str:
    """A file's digest by the user's own method: all of it at once, as `HashFunction` needs it."""
    method.reset()
    method.update(path.read_bytes())
    return method.result()


def folder_digest(files: dict[str, str]) -> str:
    """The digest of a folder, given its files' digests by relative path."""
    parts = (text.encode() for name in sorted(files) for text in (name, files[name]))
    return digest("folder", *parts).hex()


def files_under(folder: Path) -> Iterator[Path]:
    """Every file below a folder, in the order of their names."""
    for parent, folders, files in os.walk(folder):
        folders.sort()
        for name in sorted(files):
            yield Path(parent) / name
