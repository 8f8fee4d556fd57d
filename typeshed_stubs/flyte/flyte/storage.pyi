"""Files by address, wherever they lie."""

from collections.abc import AsyncGenerator, AsyncIterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

@dataclass(frozen=True)
class Storage:
    retries: int = 3
    backoff: timedelta = ...
    enable_debug: bool = False
    attach_execution_metadata: bool = True

@dataclass(frozen=True)
class S3(Storage):
    endpoint: str | None = None
    access_key_id: str | None = None
    secret_access_key: str | None = None
    region: str | None = None
    addressing_style: str | None = None

@dataclass(frozen=True)
class GCS(Storage):
    gsutil_parallelism: bool = False

@dataclass(frozen=True)
class ABFS(Storage):
    account_name: str | None = None
    account_key: str | None = None
    tenant_id: str | None = None
    client_id: str | None = None
    client_secret: str | None = None

def is_remote(path: str | Path) -> bool: ...
def join(*paths: str) -> str: ...
def get_random_local_path(file_path_or_file_name: str | Path | None = None) -> Path: ...
def get_random_local_directory() -> Path: ...
def get_configured_fsspec_kwargs(
    protocol: str | None = None, anonymous: bool = False
) -> dict[str, Any]: ...
def get_underlying_filesystem(
    protocol: str | None = None, anonymous: bool = False, path: str | None = None, **kwargs: Any
) -> Any: ...
async def get(
    from_path: str, to_path: str | Path | None = None, recursive: bool = False, **kwargs: Any
) -> str: ...
async def put(
    from_path: str,
    to_path: str | None = None,
    recursive: bool = False,
    batch_size: int | None = None,
    chunk_size: int | None = None,
    max_concurrency: int | None = None,
    **kwargs: Any,
) -> str: ...
async def open(path: str, mode: str = "rb", **kwargs: Any) -> Any: ...  # noqa: A001 - its name
async def put_stream(
    data_iterable: AsyncIterable[bytes] | bytes,
    *,
    name: str | None = None,
    to_path: str | None = None,
    size_hint: int | None = None,
    chunk_size: int | None = None,
    max_concurrency: int | None = None,
    **kwargs: Any,
) -> str: ...
def get_stream(path: str, chunk_size: int = ..., **kwargs: Any) -> AsyncGenerator[bytes, None]: ...
async def exists(path: str, **kwargs: Any) -> bool: ...
def exists_sync(path: str, **kwargs: Any) -> bool: ...
