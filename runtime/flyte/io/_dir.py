"""`Dir`: a folder of files, wherever it lies."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Self, TypeVar, cast

from flyte.io._file import File
from flyte.io._hashing import file_digest, files_under, folder_digest
from flyte.io._places import (
    fetch,
    filesystem,
    is_there,
    keep_folder,
    last_name,
    local_path,
    new_place,
    send,
)
from flyte.io._pointer import Pointer

if TYPE_CHECKING:
    import typing_extensions

    T = typing_extensions.TypeVar("T", default=Any)
else:
    T = TypeVar("T")  # its default is for type checkers alone


class Dir(Pointer, Generic[T]):
    """A pointer to a folder; `T` says what is in its files. `hash` as of `File`."""

    _PARTS: ClassVar[tuple[str, ...]] = ("path", "name", "format", "hash")
    path: str
    name: str | None
    format: str
    hash: str | None

    def __init__(
        self,
        *,
        path: str,
        name: str | None = None,
        format: str = "",  # noqa: A002 - the name that users know
        hash: str | None = None,  # noqa: A002 - as above
    ) -> None:
        self.path = os.fspath(path)
        self.name = name or last_name(self.path)
        self.format = format
        self.hash = hash

    @classmethod
    def from_local_sync(  # noqa: PLR0917 - in upstream's order
        cls,
        local_path: str | Path,
        remote_destination: str | None = None,
        dir_cache_key: str | None = None,
        batch_size: int | None = None,
        chunk_size: int | None = None,
        max_concurrency: int | None = None,
    ) -> Dir[T]:
        """A local folder, copied: into the store by its content, or to `remote_destination`.

        Raises:
            NotADirectoryError: there is no such folder.
        """
        del batch_size, chunk_size, max_concurrency  # for object stores; fsspec decides
        source = Path(local_path)
        if not source.is_dir():
            raise NotADirectoryError(f"there is no folder at `{source}`")
        name = source.resolve().name
        if remote_destination is None:
            path, digest = keep_folder(source, name)
        else:
            path, digest = remote_destination, _digest_of(source)
            send(source, path)
        return cls(path=path, name=name, hash=dir_cache_key or digest)

    @classmethod
    async def from_local(  # noqa: PLR0917 - in upstream's order
        cls,
        local_path: str | Path,
        remote_destination: str | None = None,
        dir_cache_key: str | None = None,
        batch_size: int | None = None,
        chunk_size: int | None = None,
        max_concurrency: int | None = None,
    ) -> Dir[T]:
        """As `from_local_sync`."""
        return await asyncio.to_thread(
            cls.from_local_sync,
            local_path,
            remote_destination,
            dir_cache_key,
            batch_size,
            chunk_size,
            max_concurrency,
        )

    @classmethod
    def from_existing_remote(cls, remote_path: str, dir_cache_key: str | None = None) -> Dir[T]:
        """A folder that is there already; `dir_cache_key` stands for its content."""
        path = local_path(remote_path)
        digest = _digest_of(path) if path is not None and path.is_dir() else None
        return cls(path=remote_path, hash=dir_cache_key or digest)

    @classmethod
    def new_remote(
        cls,
        dir_name: str | None = None,
        hash: str | None = None,  # noqa: A002 - the name that users know
    ) -> Dir[T]:
        """A folder to be written; on this machine it is made now."""
        place = new_place(dir_name or "dir")
        Path(place).mkdir(mode=0o700, parents=True, exist_ok=True)
        return cls(path=place, hash=hash)

    @classmethod
    def empty(cls) -> Dir[T]:
        """A folder with nothing in it."""
        return EmptyDir()

    @property
    def is_empty(self) -> bool:
        """Whether it holds no file."""
        return next(self.walk_sync(), None) is None

    def walk_sync(
        self, recursive: bool = True, file_pattern: str = "*", max_depth: int | None = None
    ) -> Iterator[File[T]]:
        """Its files, in the order of their names; those of folders in it too, unless told not.

        With `max_depth`, folders that deep: 1 is this one alone.
        """
        depth = max_depth if recursive else 1
        for relative in self._relative_paths():
            parts = relative.split("/")
            if (depth is None or len(parts) <= depth) and fnmatch(parts[-1], file_pattern):
                yield File(path=f"{self.path.rstrip('/')}/{relative}", format=self.format)

    async def walk(
        self, recursive: bool = True, max_depth: int | None = None
    ) -> AsyncIterator[File[T]]:
        """As `walk_sync`, for `async for`."""
        found = await asyncio.to_thread(lambda: list(self.walk_sync(recursive, "*", max_depth)))
        for file in found:
            yield file

    def list_files_sync(self) -> list[File[T]]:
        """The files in it, without those of folders in it."""
        return list(self.walk_sync(recursive=False))

    async def list_files(self) -> list[File[T]]:
        """As `list_files_sync`."""
        return await asyncio.to_thread(self.list_files_sync)

    def get_file_sync(self, file_name: str) -> File[T] | None:
        """The file of a name, or of a path in it; None where there is none."""
        file: File[T] = File(path=f"{self.path.rstrip('/')}/{file_name}", format=self.format)
        return file if file.exists_sync() else None

    async def get_file(self, file_name: str) -> File[T] | None:
        """As `get_file_sync`."""
        return await asyncio.to_thread(self.get_file_sync, file_name)

    def download_sync(self, local_path: str | Path | None = None) -> str:
        """The path of a local copy; of the folder itself, where that is local and nothing is asked.

        Raises:
            FileNotFoundError: it isn't there.
        """
        return fetch(self.path, local_path, self.name or "dir")

    async def download(self, local_path: str | Path | None = None) -> str:
        """As `download_sync`."""
        return await asyncio.to_thread(self.download_sync, local_path)

    def exists_sync(self) -> bool:
        """Whether it is there."""
        return is_there(self.path)

    async def exists(self) -> bool:
        """As `exists_sync`."""
        return await asyncio.to_thread(self.exists_sync)

    @classmethod
    def _at(cls, place: str) -> Self:
        made = cls.from_existing_remote if local_path(place) is None else cls.from_local_sync
        return cast(Self, made(place))

    def _relative_paths(self) -> Iterator[str]:
        folder = local_path(self.path)
        if folder is not None:
            yield from (file.relative_to(folder).as_posix() for file in files_under(folder))
            return
        store, root = filesystem(self.path)
        start = f"{root.rstrip('/')}/"
        yield from (found.removeprefix(start) for found in sorted(store.find(root)))


class EmptyDir(Dir[T]):
    """A folder with nothing in it, which lies nowhere."""

    def __init__(self) -> None:
        super().__init__(path="", name="empty", hash=folder_digest({}))

    def _relative_paths(self) -> Iterator[str]:
        return iter(())

    def exists_sync(self) -> bool:
        """It always is."""
        return True

    def download_sync(self, local_path: str | Path | None = None) -> str:
        """A local folder with nothing in it."""
        made = Path(new_place("empty") if local_path is None else local_path)
        made.mkdir(mode=0o700, parents=True, exist_ok=True)
        return str(made)


def _digest_of(folder: Path) -> str:
    return folder_digest(
        {file.relative_to(folder).as_posix(): file_digest(file) for file in files_under(folder)}
    )
