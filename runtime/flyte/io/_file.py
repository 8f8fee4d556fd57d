"""`File`: one file, wherever it lies."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, ClassVar, Generic, Self, TypeVar, cast

from flyte.io._async_file import AsyncFile
from flyte.io._hashing import HashMethod, file_digest, own_digest
from flyte.io._places import (
    fetch,
    filesystem,
    is_kept,
    is_there,
    keep_file,
    last_name,
    local_path,
    named_place,
    new_place,
    send,
)
from flyte.io._pointer import Pointer

if TYPE_CHECKING:
    import typing_extensions

    T = typing_extensions.TypeVar("T", default=Any)
else:
    T = TypeVar("T")  # its default is for type checkers alone


class File(Pointer, Generic[T]):
    """A pointer to a file; `T` says what is in it, for readers and type checkers.

    `hash` is the content's digest where that is known: it is what identifies the file for replay
    and for the cache. Without one, the path does.
    """

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
        hash_method: HashMethod | None = None,
    ) -> None:
        self.path = os.fspath(path)
        self.name = name or last_name(self.path)
        self.format = format
        self.hash = hash
        self._hash_method = hash_method

    @classmethod
    def from_local_sync(
        cls,
        local_path: str | Path,
        remote_destination: str | None = None,
        hash_method: HashMethod | str | None = None,
        chunk_size: int | None = None,
        max_concurrency: int | None = None,
    ) -> File[T]:
        """A local file, copied: into the store by its content, or to `remote_destination`.

        `hash_method` is a digest, or what computes one, in the place of the content's own.

        Raises:
            FileNotFoundError: there is no such file.
        """
        del chunk_size, max_concurrency  # for object stores; fsspec decides
        source = Path(local_path)
        if remote_destination is None:
            path, digest = keep_file(source, source.name)
        else:
            path, digest = remote_destination, file_digest(source)
            send(source, path)
        if isinstance(hash_method, str):
            digest = hash_method
        elif hash_method is not None:
            digest = own_digest(hash_method, source)
        return cls(path=path, name=source.name, hash=digest)

    @classmethod
    async def from_local(
        cls,
        local_path: str | Path,
        remote_destination: str | None = None,
        hash_method: HashMethod | str | None = None,
        chunk_size: int | None = None,
        max_concurrency: int | None = None,
    ) -> File[T]:
        """As `from_local_sync`."""
        return await asyncio.to_thread(
            cls.from_local_sync,
            local_path,
            remote_destination,
            hash_method,
            chunk_size,
            max_concurrency,
        )

    @classmethod
    def from_existing_remote(cls, remote_path: str, file_cache_key: str | None = None) -> File[T]:
        """A file that is there already; `file_cache_key` stands for its content."""
        return cls(path=remote_path, hash=file_cache_key or _digest_if_local(remote_path))

    @classmethod
    def new_remote(
        cls, file_name: str | None = None, hash_method: HashMethod | str | None = None
    ) -> File[T]:
        """A file to be written: `open` it with mode `w` or `wb`. Its digest is taken then."""
        given = hash_method if isinstance(hash_method, str) else None
        method = None if isinstance(hash_method, str) else hash_method
        return cls(path=new_place(file_name or "file"), hash=given, hash_method=method)

    @classmethod
    def named_remote(cls, name: str) -> File[T]:
        """A file of the running action that every attempt of it finds under the same name."""
        return cls(path=named_place(name), name=name)

    @contextmanager
    def open_sync(
        self,
        mode: str = "rb",
        block_size: int | None = None,
        cache_type: str = "readahead",
        cache_options: Mapping[str, Any] | None = None,
        compression: str | None = None,
        **kwargs: Any,
    ) -> Iterator[IO[Any]]:
        """The file, open, for a `with` statement; `kwargs` go to what opens it.

        Raises:
            ValueError: it is open for writing, and kept in the store by its content.
        """
        is_written = not set(mode).isdisjoint("wax+")
        if is_written and is_kept(self.path):
            raise ValueError(
                f"`{self.path}` is kept by its content, so it can't be written: write to "
                "`File.new_remote()`"
            )
        options = {"block_size": block_size, "cache_options": cache_options}
        given = {name: value for name, value in options.items() if value is not None}
        with self._opened(mode, cache_type, compression, {**given, **kwargs}) as file:
            yield file
        if is_written:
            self._take_digest()

    @asynccontextmanager
    async def open(
        self,
        mode: str = "rb",
        block_size: int | None = None,
        cache_type: str = "readahead",
        cache_options: Mapping[str, Any] | None = None,
        compression: str | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[AsyncFile]:
        """As `open_sync`, for `async with`; what it gives has asynchronous methods."""
        opening = self.open_sync(mode, block_size, cache_type, cache_options, compression, **kwargs)
        file = await asyncio.to_thread(opening.__enter__)
        try:
            yield AsyncFile(file)
        except BaseException:
            if not await asyncio.to_thread(opening.__exit__, *sys.exc_info()):
                raise
        else:
            await asyncio.to_thread(opening.__exit__, None, None, None)

    def download_sync(self, local_path: str | Path | None = None) -> str:
        """The path of a local copy; of the file itself, where that is local and nothing is asked.

        Raises:
            FileNotFoundError: it isn't there.
        """
        return fetch(self.path, local_path, self.name or "file")

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

    def _opened(
        self, mode: str, cache_type: str, compression: str | None, options: dict[str, Any]
    ) -> Any:
        path = local_path(self.path)
        if path is not None and not set(mode).isdisjoint("wax+"):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path is not None and compression is None:
            text = {} if "b" in mode else {"encoding": "utf-8"}
            taken = {name: options[name] for name in _LOCAL_OPTIONS & options.keys()}
            return path.open(mode, **{**text, **taken})
        store, remote = filesystem(self.path)
        if "r" in mode:
            options["cache_type"] = cache_type
        return store.open(remote, mode, compression=compression, **options)

    def _take_digest(self) -> None:
        """After writing: a digest that was given is left as it is."""
        path = local_path(self.path)
        method = self.__dict__.get("_hash_method")
        if path is None:
            self.hash = None
        elif method is not None:
            self.hash = own_digest(method, path)
        else:
            self.hash = file_digest(path)


_LOCAL_OPTIONS = frozenset({"encoding", "errors", "newline", "buffering"})


def _digest_if_local(address: str) -> str | None:
    path = local_path(address)
    return file_digest(path) if path is not None and path.is_file() else None
