"""Files by address: on this machine by path, elsewhere by URL where fsspec can reach it.

What is put without an address of its own goes into the store.
"""

from __future__ import annotations

import asyncio
import secrets
import shutil
import tempfile
from collections.abc import AsyncGenerator, AsyncIterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from flyte.io._places import filesystem, local_path, new_place

_CHUNK = 1 << 20


@dataclass(frozen=True)
class Storage:
    """How a remote store is reached; kept for engines that have one."""

    retries: int = 3
    backoff: timedelta = timedelta(seconds=5)
    enable_debug: bool = False
    attach_execution_metadata: bool = True


@dataclass(frozen=True)
class S3(Storage):
    """Amazon's, or one that speaks its language."""

    endpoint: str | None = None
    access_key_id: str | None = None
    secret_access_key: str | None = None
    region: str | None = None
    addressing_style: str | None = None


@dataclass(frozen=True)
class GCS(Storage):
    """Google's."""

    gsutil_parallelism: bool = False


@dataclass(frozen=True)
class ABFS(Storage):
    """Microsoft's."""

    account_name: str | None = None
    account_key: str | None = None
    tenant_id: str | None = None
    client_id: str | None = None
    client_secret: str | None = None


def is_remote(path: str | Path) -> bool:
    """Whether an address is on another machine."""
    return local_path(str(path)) is None


def join(*paths: str) -> str:
    """Parts of an address as one."""
    first, *rest = paths
    return "/".join([first.rstrip("/"), *(part.strip("/") for part in rest)])


def get_random_local_path(file_path_or_file_name: str | Path | None = None) -> Path:
    """A path on this machine where nothing is yet, with the name that is given."""
    named = None if file_path_or_file_name is None else Path(file_path_or_file_name).name
    return get_random_local_directory() / (named or secrets.token_hex(8))


def get_random_local_directory() -> Path:
    """A new folder on this machine; it stays until somebody deletes it."""
    return Path(tempfile.mkdtemp(prefix="flyte-"))


def get_configured_fsspec_kwargs(
    protocol: str | None = None, anonymous: bool = False
) -> dict[str, Any]:
    """What a file system of fsspec is made with here: whether it asks for credentials."""
    names = {"s3": "anon", "gs": "token", "abfs": "anon"}
    if not anonymous or protocol not in names:
        return {}
    return {names[protocol]: "anon" if protocol == "gs" else True}


def get_underlying_filesystem(
    protocol: str | None = None, anonymous: bool = False, path: str | None = None, **kwargs: Any
) -> Any:
    """The file system of fsspec for a protocol, or behind an address.

    Raises:
        ImportError: fsspec, or what it needs for that, isn't installed.
    """
    from flyte._types.optional import needs  # noqa: PLC0415 - keeps start-up light

    fsspec = needs("fsspec", f"`{protocol or path or 'file'}`")
    if protocol is None:
        protocol = "file" if path is None or "://" not in path else path.partition("://")[0]
    options = get_configured_fsspec_kwargs(protocol, anonymous)
    return fsspec.filesystem(protocol, **options, **kwargs)


async def get(
    from_path: str, to_path: str | Path | None = None, recursive: bool = False, **kwargs: Any
) -> str:
    """Copy a file, or a folder with `recursive`, to this machine; where it is then.

    Raises:
        FileNotFoundError: there is none.
    """
    place = str(to_path) if to_path is not None else str(get_random_local_path(from_path))
    await asyncio.to_thread(_copy, from_path, place, recursive)
    return place


async def put(  # noqa: PLR0917 - as upstream has it
    from_path: str,
    to_path: str | None = None,
    recursive: bool = False,
    batch_size: int | None = None,
    chunk_size: int | None = None,
    max_concurrency: int | None = None,
    **kwargs: Any,
) -> str:
    """Copy a file, or a folder with `recursive`, to an address; by default into the store.

    Raises:
        FileNotFoundError: there is none.
    """
    place = to_path if to_path is not None else new_place(Path(from_path).name)
    await asyncio.to_thread(_copy, from_path, place, recursive)
    return place


async def open(path: str, mode: str = "rb", **kwargs: Any) -> Any:  # noqa: A001 - its name
    """The file behind an address, opened.

    Raises:
        FileNotFoundError: there is none.
    """
    return await asyncio.to_thread(_open, path, mode)


async def put_stream(
    data_iterable: AsyncIterable[bytes] | bytes,
    *,
    name: str | None = None,
    to_path: str | None = None,
    size_hint: int | None = None,
    chunk_size: int | None = None,
    max_concurrency: int | None = None,
    **kwargs: Any,
) -> str:
    """Write bytes to an address as they come; by default into the store."""
    place = to_path if to_path is not None else new_place(name or secrets.token_hex(8))
    with _open(place, "wb") as file:
        if isinstance(data_iterable, bytes):
            file.write(data_iterable)
            return place
        async for part in data_iterable:
            file.write(part)
    return place


async def get_stream(
    path: str, chunk_size: int = _CHUNK, **kwargs: Any
) -> AsyncGenerator[bytes, None]:
    """The bytes behind an address, in parts.

    Raises:
        FileNotFoundError: there is none.
    """
    with _open(path, "rb") as file:
        while part := await asyncio.to_thread(file.read, chunk_size):
            yield part


async def exists(path: str, **kwargs: Any) -> bool:
    """Whether something is at an address."""
    return await asyncio.to_thread(exists_sync, path)


def exists_sync(path: str, **kwargs: Any) -> bool:
    """As `exists`."""
    local = local_path(path)
    if local is not None:
        return local.exists()
    system, inside = filesystem(path)
    return bool(system.exists(inside))


def _open(path: str, mode: str) -> Any:
    local = local_path(path)
    if local is None:
        system, inside = filesystem(path)
        return system.open(inside, mode)
    if "r" not in mode:
        local.parent.mkdir(parents=True, exist_ok=True)
    return local.open(mode)


def _copy(source: str, target: str, recursive: bool) -> None:
    here, there = local_path(source), local_path(target)
    if here is not None and there is not None:
        there.parent.mkdir(parents=True, exist_ok=True)
        if recursive:
            shutil.copytree(here, there, dirs_exist_ok=True)
        else:
            shutil.copyfile(here, there)
    elif here is not None:
        system, inside = filesystem(target)
        system.put(str(here), inside, recursive=recursive)
    elif there is not None:
        system, inside = filesystem(source)
        there.parent.mkdir(parents=True, exist_ok=True)
        system.get(inside, str(there), recursive=recursive)
    else:
        local = get_random_local_path(source)
        _copy(source, str(local), recursive)
        _copy(str(local), target, recursive)
