"""Files, folders and tables that cross from task to task by address.

A value of these types is a pointer: a path or URL, and the digest of what lies there. It is small
whatever it points to, and a driver that only passes it on never reads it. What is made from
local files is kept in the store by its content (`files/<digest>/<name>`), and can't be written
again; other places are any URL that fsspec knows, with the extra `[io]`.

Methods come as upstream has them: asynchronous, and with the suffix `_sync` for the others.
"""

from __future__ import annotations

from flyte._types.extensions import Extension, add
from flyte.io._dataframe import PARQUET, DataFrame
from flyte.io._dir import Dir, EmptyDir
from flyte.io._file import File
from flyte.io._hashing import HashFunction, HashMethod
from flyte.io._pointer import Pointer

__all__ = [
    "PARQUET",
    "DataFrame",
    "Dir",
    "EmptyDir",
    "File",
    "HashFunction",
    "HashMethod",
]


def _know(cls: type[Pointer]) -> None:
    extension = Extension(
        kind=f"flyte.io.{cls.__name__}",
        encode=Pointer._written,
        decode=cls._read_back,
        identify=Pointer._identity,
    )
    add(cls, extension)


for _cls in (File, Dir, EmptyDir, DataFrame):
    _know(_cls)
