"""Opening a store: its folder, its schema, how much it syncs."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path

import apsw

from flyte._journal.schema import APPLICATION_ID, MIGRATIONS, SCHEMA, SCHEMA_VERSION

BUSY_TIMEOUT_MS = 20_000


class Durability(Enum):
    """What survives what. In each, a killed process loses nothing that was committed."""

    FAST = "fast"
    """A power cut may lose the last moments, always a suffix."""
    SAFE = "safe"
    """Nothing committed is lost to a power cut either."""
    MEMORY = "memory"
    """Nothing is written to disk: for tests."""


class StoreError(Exception):
    """The store can't be opened, read or written; the message says why in full."""


def prepare(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    ignore = folder / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n")
    os.close(os.open(folder / "journal.db", os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, 0o600))


def connect(folder: Path | None, durability: Durability) -> apsw.Connection:
    """A connection to the store in `folder`, or to one in memory; the schema is there.

    Raises:
        StoreError: it can't be opened, or a newer version wrote it.
    """
    name = ":memory:" if folder is None else str(folder / "journal.db")
    try:
        with _one_at_a_time(folder):
            connection = apsw.Connection(name)
            connection.set_busy_timeout(BUSY_TIMEOUT_MS)
            _make_schema(connection, name)
            connection.pragma("synchronous", "full" if durability is Durability.SAFE else "normal")
    except (apsw.Error, OSError) as error:
        raise StoreError(f"{name} can't be opened: {error}") from error
    return connection


@contextmanager
def _one_at_a_time(folder: Path | None) -> Iterator[None]:
    """Openings and closings of a store take turns, between threads and between processes.

    SQLite's busy timeout doesn't cover a change of the journal's mode, nor the last connection's
    checkpoint: whoever meets one of them is refused at once. The kernel frees the lock of a
    process that dies.
    """
    if folder is None:
        yield
        return
    handle = os.open(
        folder / "open.lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600
    )
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def disconnect(connection: apsw.Connection, folder: Path | None) -> None:
    """Close a connection that `connect` opened, even if its folder is gone by now."""
    try:
        with _one_at_a_time(folder):
            connection.close()
    except FileNotFoundError:
        connection.close()


def _make_schema(connection: apsw.Connection, name: str) -> None:
    if connection.pragma("user_version") == SCHEMA_VERSION:
        return
    # Set once, at creation.
    connection.pragma("journal_mode", "wal")
    connection.execute("begin immediate")
    version = connection.pragma("user_version")
    if version == 0:
        connection.execute(SCHEMA)
        connection.pragma("application_id", APPLICATION_ID)
        connection.pragma("user_version", SCHEMA_VERSION)
    elif isinstance(version, int) and version in MIGRATIONS:
        for older in range(version, SCHEMA_VERSION):
            connection.execute(MIGRATIONS[older])
        connection.pragma("user_version", SCHEMA_VERSION)
    is_known = version in (0, SCHEMA_VERSION, *MIGRATIONS)
    connection.execute("commit")
    if not is_known:
        raise StoreError(
            f"{name} has schema version {version}; this program reads {SCHEMA_VERSION}"
        )
