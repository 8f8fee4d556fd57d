"""Making room in a store: old runs' records, and blobs that no record names.

In two phases, since other processes may use the store meanwhile. A blob that nothing names is set
aside first, out of the way of readers. A later collection deletes it, or puts it back where a
record has come to name it: one that was about to when the blob was set aside.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import apsw

from flyte._journal.connect import Durability, StoreError, connect, disconnect

GRACE = 3600.0
"""Seconds: a younger blob may be about to be named, and one set aside to be put back."""

_NAMED = (
    "select inputs from actions where inputs_in_blob union select payload from outcomes where"
    " in_blob union select error from attempts where in_blob union select payload from cache where"
    " in_blob"
)
_OF_RUN = "(select id from actions where run = ?)"
_DELETED = (
    f"delete from deliveries where driver in {_OF_RUN} or action in {_OF_RUN}",
    f"delete from attempts where action in {_OF_RUN}",
    f"delete from starts where action in {_OF_RUN}",
    f"delete from outcomes where action in {_OF_RUN}",
    "delete from actions where run = ?",
    "delete from runs where name = ?",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What was, or would be, taken away."""

    runs: tuple[str, ...]
    set_aside: int
    put_back: int
    deleted: int
    bytes_freed: int


def collect(folder: Path, *, ended_before: float | None, dry_run: bool) -> Collected:
    """Delete runs that ended before that time, and what no record names.

    Raises:
        StoreError: the store can't be read or written.
    """
    connection = connect(folder, Durability.FAST)
    try:
        runs = _old_runs(connection, ended_before)
        if not dry_run:
            for run in runs:
                _delete_run(connection, folder, run)
        return _sweep(connection, folder, runs, dry_run=dry_run)
    except (apsw.Error, OSError) as error:
        raise StoreError(f"the store can't be cleared: {error}") from error
    finally:
        disconnect(connection, folder)


def _old_runs(connection: apsw.Connection, before: float | None) -> tuple[str, ...]:
    if before is None:
        return ()
    query = "select name from runs where ended is not null and ended < ? order by created"
    return tuple(str(row[0]) for row in connection.execute(query, (before,)))


def _delete_run(connection: apsw.Connection, folder: Path, run: str) -> None:
    with connection:
        for statement in _DELETED:
            connection.execute(statement, (run,) * statement.count("?"))
    shutil.rmtree(folder / "runs" / run, ignore_errors=True)


def _sweep(
    connection: apsw.Connection, folder: Path, runs: tuple[str, ...], *, dry_run: bool
) -> Collected:
    blobs, aside = folder / "blobs", folder / "aside"
    now = time.time()
    candidates = tuple(_files(blobs, now))
    named = _named(connection)
    unnamed = [file for file in candidates if file.name not in named]
    if not dry_run:
        for file in unnamed:
            _move(file, aside / file.name)
    named = _named(connection)  # again: a record may have come while files were moved
    freed = put_back = deleted = 0
    for file in tuple(_files(aside, now)):
        if file.name in named:
            put_back += 1
            if not dry_run:
                _move(file, blobs / file.name[:2] / file.name)
            continue
        deleted += 1
        freed += file.stat().st_size
        if not dry_run:
            file.unlink(missing_ok=True)
    return Collected(
        runs=runs, set_aside=len(unnamed), put_back=put_back, deleted=deleted, bytes_freed=freed
    )


def _files(folder: Path, now: float) -> Iterator[Path]:
    """What has lain there for long enough; blobs that were found damaged stay, as evidence."""
    for file in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if file.is_file() and file.suffix != ".corrupt" and now - file.stat().st_mtime > GRACE:
            yield file


def _named(connection: apsw.Connection) -> frozenset[str]:
    return frozenset(bytes(row[0]).hex() for row in connection.execute(_NAMED))


def _move(file: Path, place: Path) -> None:
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file.replace(place)
    place.touch()  # the hour begins now
