"""`DataFrame`: a table, wherever it lies and whichever library reads it."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar, Final, Generic, Self, TypeVar, cast

from flyte.io import _tables
from flyte.io._hashing import HashMethod, file_digest
from flyte.io._places import fetch, keep_file, last_name, local_path, send
from flyte.io._pointer import Pointer

DF = TypeVar("DF")

PARQUET: Final = "parquet"


class Opened(Generic[DF]):
    """A table as one library's frames, whole or in parts."""

    def __init__(self, table: DataFrame, kind: type[DF]) -> None:
        _tables.library_of(kind)
        self._table = table
        self._kind = kind

    def all_sync(self) -> DF:
        """The whole table.

        Raises:
            FileNotFoundError: it isn't there.
        """
        if self._table.val is not None:
            held: DF = _tables.converted(self._kind, self._table.val)
            return held
        read: DF = _tables.read(self._kind, *self._table._local())
        return read

    async def all(self) -> DF:
        """As `all_sync`."""
        return await asyncio.to_thread(self.all_sync)

    def iter_sync(self) -> Iterator[DF]:
        """The table in parts, as they lie in its file."""
        if self._table.val is not None:
            yield self.all_sync()
        else:
            yield from _tables.parts(self._kind, *self._table._local())

    async def iter(self) -> AsyncIterator[DF]:
        """As `iter_sync`, for `async for`."""
        parts = self.iter_sync()
        while (part := await asyncio.to_thread(next, parts, None)) is not None:
            yield part


class DataFrame(Pointer):
    """A pointer to a table. One that wraps a frame writes it when it first crosses a boundary."""

    _PARTS: ClassVar[tuple[str, ...]] = ("uri", "format", "hash")
    uri: str | None
    format: str | None
    hash: str | None

    def __init__(
        self,
        *,
        uri: str | None = None,
        format: str | None = "",  # noqa: A002 - the name that users know
        hash: str | None = None,  # noqa: A002 - as above
    ) -> None:
        self.uri = uri
        self.format = format
        self.hash = hash

    @classmethod
    def columns(cls) -> dict[str, type]:
        """The columns that the type declares: none."""
        return {}

    @classmethod
    def column_names(cls) -> list[str]:
        """The names of `columns()`."""
        return list(cls.columns())

    @classmethod
    def wrap_df(cls, val: Any | None = None, uri: str | None = None) -> DataFrame:
        """A frame of pandas, polars or pyarrow; written at `uri`, or in the store, when needed.

        Raises:
            TypeError: it is no frame that is known.
        """
        if val is not None:
            _tables.library_of(type(val))
        made = cls(uri=uri, format=PARQUET)
        made.__dict__["_value"] = val
        return made

    from_df = wrap_df

    @classmethod
    def from_existing_remote(
        cls,
        remote_path: str,
        format: str | None = None,  # noqa: A002 - the name that users know
        **kwargs: Any,
    ) -> DataFrame:
        """A table that is there already; its format is that of the name's ending, by default."""
        del kwargs  # upstream's, for columns
        path = local_path(remote_path)
        digest = file_digest(path) if path is not None and path.is_file() else None
        ending = last_name(remote_path).rpartition(".")[2]
        form = format or ("csv" if ending == "csv" else PARQUET)
        return cls(uri=remote_path, format=form, hash=digest)

    @classmethod
    def from_local_sync(
        cls,
        df: Any,
        columns: Mapping[str, type[Any]] | None = None,
        remote_destination: str | None = None,
        hash_method: HashMethod | str | None = None,
    ) -> DataFrame:
        """A frame, written now: in the store, or at `remote_destination`.

        Raises:
            TypeError: it is no frame that is known.
        """
        del columns  # what a frame has, its file says
        made = cls.wrap_df(df, remote_destination)
        made._settle()
        if isinstance(hash_method, str):
            made.hash = hash_method
        elif hash_method is not None:
            hash_method.reset()
            hash_method.update(df)
            made.hash = hash_method.result()
        return made

    @classmethod
    async def from_local(
        cls,
        df: Any,
        columns: Mapping[str, type[Any]] | None = None,
        remote_destination: str | None = None,
        hash_method: HashMethod | str | None = None,
    ) -> DataFrame:
        """As `from_local_sync`."""
        return await asyncio.to_thread(
            cls.from_local_sync, df, columns, remote_destination, hash_method
        )

    @property
    def val(self) -> Any:
        """The frame that it wraps; None for one that lies in a file."""
        return self.__dict__.get("_value")

    def open(self, dataframe_type: type[DF]) -> Opened[DF]:
        """The table as frames of that type: `await table.open(pd.DataFrame).all()`.

        Raises:
            TypeError: a type of no library that is known.
        """
        return Opened(self, dataframe_type)

    def all_sync(self) -> Any:
        """The whole table as what it was made of.

        Raises:
            ValueError: it lies in a file, and nobody said as what to open it.
        """
        if self.val is None:
            raise ValueError("say as what to open the table: `.open(pd.DataFrame).all()`")
        return self.val

    async def all(self) -> Any:
        """As `all_sync`."""
        return self.all_sync()

    async def iter(self) -> AsyncIterator[Any]:
        """What it wraps, as its one part.

        Raises:
            ValueError: as `all_sync`.
        """
        yield self.all_sync()

    @classmethod
    def _at(cls, place: str) -> Self:
        path = local_path(place)
        if path is not None and not path.exists():
            raise FileNotFoundError(f"there is no table at `{path}`")
        return cast(Self, cls.from_existing_remote(place))

    def _parts(self) -> dict[str, Any]:
        self._settle()
        return super()._parts()

    def _identity(self) -> object:
        self._settle()
        return super()._identity()

    def _settle(self) -> None:
        """Write what it wraps, once."""
        if self.val is None or self.hash is not None:
            return
        with tempfile.TemporaryDirectory(prefix="flyte-") as folder:
            file = Path(folder) / f"data.{PARQUET}"
            _tables.write(self.val, file)
            if self.uri is None:
                self.uri, self.hash = keep_file(file, file.name)
            else:
                self.hash = file_digest(file)
                send(file, self.uri)

    def _local(self) -> tuple[Path, str]:
        if self.uri is None:
            raise ValueError("the table has neither a frame nor an address")
        return Path(fetch(self.uri, None, f"data.{self.format or PARQUET}")), self.format or PARQUET

    def __repr__(self) -> str:
        # Not by `_parts`: being looked at writes nothing.
        return f"DataFrame(uri={self.uri!r}, format={self.format!r})"
