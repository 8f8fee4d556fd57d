"""Files, folders and tables that cross from task to task by address."""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from pathlib import Path
from typing import IO, Any, Final, Generic, Protocol, runtime_checkable

from typing_extensions import TypeVar

_T = TypeVar("_T", default=Any)
_DF = TypeVar("_DF")

PARQUET: Final[str]

@runtime_checkable
class HashMethod(Protocol):
    def update(self, data: Any, /) -> None: ...
    def result(self) -> str: ...
    def reset(self) -> None: ...

class HashFunction(HashMethod):
    def __init__(self, fn: Callable[[Any], str]) -> None: ...
    def update(self, data: Any, /) -> None: ...
    def result(self) -> str: ...
    def reset(self) -> None: ...
    @classmethod
    def from_fn(cls, fn: Callable[[Any], str]) -> HashFunction: ...

# Whether a method is a coroutine and whether it has a twin `.aio` is as upstream has it.

class File(Generic[_T]):
    path: str
    name: str | None
    format: str
    hash: str | None
    def __init__(
        self,
        *,
        path: str,
        name: str | None = None,
        format: str = "",
        hash: str | None = None,
        hash_method: HashMethod | None = None,
    ) -> None: ...
    @classmethod
    async def from_local(
        cls,
        local_path: str | Path,
        remote_destination: str | None = None,
        hash_method: HashMethod | str | None = None,
        chunk_size: int | None = None,
        max_concurrency: int | None = None,
    ) -> File[_T]: ...
    @classmethod
    def from_local_sync(
        cls,
        local_path: str | Path,
        remote_destination: str | None = None,
        hash_method: HashMethod | str | None = None,
        chunk_size: int | None = None,
        max_concurrency: int | None = None,
    ) -> File[_T]: ...
    @classmethod
    def from_existing_remote(
        cls, remote_path: str, file_cache_key: str | None = None
    ) -> File[_T]: ...
    @classmethod
    def new_remote(
        cls, file_name: str | None = None, hash_method: HashMethod | str | None = None
    ) -> File[_T]: ...
    @classmethod
    def named_remote(cls, name: str) -> File[_T]: ...
    def open(
        self,
        mode: str = "rb",
        block_size: int | None = None,
        cache_type: str = "readahead",
        cache_options: Mapping[str, Any] | None = None,
        compression: str | None = None,
        **kwargs: Any,
    ) -> AbstractAsyncContextManager[Any]: ...
    def open_sync(
        self,
        mode: str = "rb",
        block_size: int | None = None,
        cache_type: str = "readahead",
        cache_options: Mapping[str, Any] | None = None,
        compression: str | None = None,
        **kwargs: Any,
    ) -> AbstractContextManager[IO[Any]]: ...
    async def download(self, local_path: str | Path | None = None) -> str: ...
    def download_sync(self, local_path: str | Path | None = None) -> str: ...
    async def exists(self) -> bool: ...
    def exists_sync(self) -> bool: ...

class Dir(Generic[_T]):
    path: str
    name: str | None
    format: str
    hash: str | None
    def __init__(
        self, *, path: str, name: str | None = None, format: str = "", hash: str | None = None
    ) -> None: ...
    @classmethod
    async def from_local(
        cls,
        local_path: str | Path,
        remote_destination: str | None = None,
        dir_cache_key: str | None = None,
        batch_size: int | None = None,
        chunk_size: int | None = None,
        max_concurrency: int | None = None,
    ) -> Dir[_T]: ...
    @classmethod
    def from_local_sync(
        cls,
        local_path: str | Path,
        remote_destination: str | None = None,
        dir_cache_key: str | None = None,
        batch_size: int | None = None,
        chunk_size: int | None = None,
        max_concurrency: int | None = None,
    ) -> Dir[_T]: ...
    @classmethod
    def from_existing_remote(
        cls, remote_path: str, dir_cache_key: str | None = None
    ) -> Dir[_T]: ...
    @classmethod
    def new_remote(cls, dir_name: str | None = None, hash: str | None = None) -> Dir[_T]: ...
    @classmethod
    def empty(cls) -> Dir[_T]: ...
    @property
    def is_empty(self) -> bool: ...
    def walk(
        self, recursive: bool = True, max_depth: int | None = None
    ) -> AsyncIterator[File[_T]]: ...
    def walk_sync(
        self, recursive: bool = True, file_pattern: str = "*", max_depth: int | None = None
    ) -> Iterator[File[_T]]: ...
    async def list_files(self) -> list[File[_T]]: ...
    def list_files_sync(self) -> list[File[_T]]: ...
    async def get_file(self, file_name: str) -> File[_T] | None: ...
    def get_file_sync(self, file_name: str) -> File[_T] | None: ...
    async def download(self, local_path: str | Path | None = None) -> str: ...
    def download_sync(self, local_path: str | Path | None = None) -> str: ...
    async def exists(self) -> bool: ...
    def exists_sync(self) -> bool: ...

class EmptyDir(Dir[_T]):
    def __init__(self) -> None: ...

class _Opened(Generic[_DF]):
    """What `DataFrame.open(kind)` gives: the table as that kind, whole or in parts."""

    async def all(self) -> _DF: ...
    def all_sync(self) -> _DF: ...
    def iter(self) -> AsyncIterator[_DF]: ...
    def iter_sync(self) -> Iterator[_DF]: ...

class DataFrame:
    uri: str | None
    format: str | None
    hash: str | None
    def __init__(
        self, *, uri: str | None = None, format: str | None = "", hash: str | None = None
    ) -> None: ...
    @classmethod
    def columns(cls) -> dict[str, type]: ...
    @classmethod
    def column_names(cls) -> list[str]: ...
    @classmethod
    def from_df(cls, val: Any | None = None, uri: str | None = None) -> DataFrame: ...
    @classmethod
    def wrap_df(cls, val: Any | None = None, uri: str | None = None) -> DataFrame: ...
    @classmethod
    def from_existing_remote(
        cls, remote_path: str, format: str | None = None, **kwargs: Any
    ) -> DataFrame: ...
    @classmethod
    async def from_local(
        cls,
        df: Any,
        columns: Mapping[str, type[Any]] | None = None,
        remote_destination: str | None = None,
        hash_method: HashMethod | str | None = None,
    ) -> DataFrame: ...
    @classmethod
    def from_local_sync(
        cls,
        df: Any,
        columns: Mapping[str, type[Any]] | None = None,
        remote_destination: str | None = None,
        hash_method: HashMethod | str | None = None,
    ) -> DataFrame: ...
    @property
    def val(self) -> Any: ...
    def open(self, dataframe_type: type[_DF]) -> _Opened[_DF]: ...
    async def all(self) -> Any: ...
    def all_sync(self) -> Any: ...
    def iter(self) -> AsyncIterator[Any]: ...
