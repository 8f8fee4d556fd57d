"""The store: records in SQLite (WAL), large values as blobs beside them.

Rows are *staged* and become durable together at `commit`, one short `BEGIN IMMEDIATE`
transaction in which no user code and no blob I/O happens. Nothing staged is visible to readers,
so a caller shows an outcome to a driver only after the commit that holds it.

A store is used by one thread at a time under its own lock; several processes may share a folder.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any, cast

import apsw

from flyte._journal.blobs import BlobFolder, CorruptBlobError
from flyte._journal.lease import Lease, is_held
from flyte._journal.records import (
    ActionRecord,
    Delivery,
    Mode,
    Outcome,
    OutcomeKind,
    RunPhase,
    RunRecord,
)
from flyte._journal.schema import APPLICATION_ID, INLINE_LIMIT, SCHEMA, SCHEMA_VERSION

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


@dataclass(frozen=True, slots=True)
class History:
    """What a resumed run remembers."""

    actions: dict[bytes, ActionRecord] = field(default_factory=dict)
    deliveries: dict[bytes, tuple[Delivery, ...]] = field(default_factory=dict)
    """By driver, in order."""


@dataclass(slots=True)
class _Staged:
    actions: list[tuple[object, ...]] = field(default_factory=list)
    outcomes: list[tuple[object, ...]] = field(default_factory=list)
    deliveries: list[tuple[object, ...]] = field(default_factory=list)
    cache: list[tuple[object, ...]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.actions or self.outcomes or self.deliveries or self.cache)


INSERT_RUN = "insert into runs values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
INSERT_ACTION = "insert or ignore into actions values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
INSERT_OUTCOME = "insert into outcomes values (?, ?, ?, ?, ?, ?)"
INSERT_DELIVERY = "insert into deliveries values (?, ?, ?, ?, ?)"
INSERT_CACHE = "insert or replace into cache values (?, ?, ?, ?, ?)"
SELECT_RUNS = (
    "select name, task, source, mode, plan, arguments, python, durability, executor, workers,"
    " phase, created, ended from runs"
)
SELECT_ACTIONS = (
    "select a.id, a.parent, a.kind, a.task, a.version, a.slot, a.inputs, a.inputs_in_blob, a.label,"
    " a.file, a.line, a.started, o.kind, o.payload, o.in_blob, o.cached, o.ended"
    " from actions a left join outcomes o on o.action = a.id where a.run = ? order by a.rowid"
)


class Store:
    """One store folder, open. See the module's docstring for staging."""

    def __init__(self, folder: Path | None, durability: Durability) -> None:
        self.folder = folder
        self._durability = durability
        self._blobs = None
        if folder is not None:
            self._blobs = BlobFolder(folder / "blobs", sync=durability is Durability.SAFE)
        self._connection = _connect(folder, durability)
        self._staged = _Staged()
        self._lock = threading.RLock()

    # Writing ---------------------------------------------------------------------------------

    def create_run(self, run: RunRecord) -> None:
        """Record a run before anything of it starts.

        Raises:
            StoreError: a run of that name is there.
        """
        row = (
            run.name, run.task, run.source, run.mode, run.plan, run.arguments, run.python,
            run.durability, run.executor, run.workers, run.phase, run.created, run.ended,
        )  # fmt: skip
        try:
            with self._transaction() as connection:
                connection.execute(INSERT_RUN, row)
        except apsw.ConstraintError:
            raise StoreError(f"a run named `{run.name}` is there already") from None

    def end_run(self, name: str, phase: RunPhase) -> None:
        """Record a run's end, with all that is staged."""
        self.commit()
        ended = None if phase == "running" else time.time()
        with self._transaction() as connection:
            connection.execute(
                "update runs set phase = ?, ended = ? where name = ?", (phase, ended, name)
            )

    def stage_action(self, run: str, action: ActionRecord) -> None:
        """Stage a call's intent; its `outcome` field is left to `stage_outcome`."""
        inputs, in_blob = self._place(action.inputs)
        row = (action.id, run, action.parent, action.kind, action.task, action.version,
               action.slot, inputs, in_blob, action.group, action.file, action.line,
               action.started)  # fmt: skip
        with self._lock:
            self._staged.actions.append(row)

    def stage_outcome(self, action: bytes, outcome: Outcome, *, cached: bool) -> None:
        """Stage an action's one outcome."""
        payload, in_blob = self._place(outcome.payload)
        row = (action, outcome.kind, payload, in_blob, cached, time.time())
        with self._lock:
            self._staged.outcomes.append(row)

    def stage_delivery(
        self, driver: bytes, number: int, delivery: Delivery, *, forced: bool
    ) -> None:
        """Stage the fact that `driver` saw an outcome, or cancelled the call, as its `number`th."""
        row = (driver, number, delivery.action, delivery.abandoned, forced)
        with self._lock:
            self._staged.deliveries.append(row)

    def stage_cached(self, key: bytes, value: Outcome, action: bytes) -> None:
        """Stage a value for reuse across runs."""
        payload, in_blob = self._place(value.payload)
        with self._lock:
            self._staged.cache.append((key, payload, in_blob, action, time.time()))

    def commit(self) -> bool:
        """Make all that is staged durable; whether anything was.

        Raises:
            StoreError: it can't be written; nothing of it was, and it stays staged.
        """
        with self._lock:
            staged = self._staged
            if not staged:
                return False
            with self._transaction() as connection:
                _insert(connection, INSERT_ACTION, staged.actions)
                _insert(connection, INSERT_OUTCOME, staged.outcomes)
                _insert(connection, INSERT_DELIVERY, staged.deliveries)
                _insert(connection, INSERT_CACHE, staged.cache)
            self._staged = _Staged()
            return True

    def discard_outcome(self, action: bytes) -> None:
        """Forget an outcome whose bytes were found damaged: its action runs again."""
        with self._transaction() as connection:
            connection.execute("delete from outcomes where action = ?", (action,))

    # Reading ---------------------------------------------------------------------------------

    def runs(self) -> tuple[RunRecord, ...]:
        """Every run, oldest first."""
        return tuple(map(self._run, self._select(SELECT_RUNS + " order by created, rowid")))

    def run(self, name: str) -> RunRecord | None:
        """One run by name."""
        rows = self._select(SELECT_RUNS + " where name = ?", (name,))
        return self._run(rows[0]) if rows else None

    def actions(self, run: str) -> tuple[ActionRecord, ...]:
        """A run's actions, in the order in which they were recorded.

        Payloads in blobs are read and checked.

        Raises:
            CorruptBlobError: one is damaged.
        """
        return tuple(self._action(row) for row in self._select(SELECT_ACTIONS, (run,)))

    def history(self, run: str) -> tuple[History, tuple[bytes, ...]]:
        """What a resumed run remembers, and the actions whose outcomes were damaged.

        A damaged outcome is forgotten here, so that its action runs again.
        """
        actions: dict[bytes, ActionRecord] = {}
        damaged: list[bytes] = []
        for row in self._select(SELECT_ACTIONS, (run,)):
            record, sound = self._sound_action(row)
            actions[record.id] = record
            if not sound:
                damaged.append(record.id)
                self.discard_outcome(record.id)
        deliveries: dict[bytes, list[Delivery]] = {}
        query = (
            "select d.driver, d.action, d.abandoned from deliveries d"
            " join actions a on a.id = d.driver where a.run = ? order by d.driver, d.number"
        )
        for driver, action, abandoned in self._select(query, (run,)):
            deliveries.setdefault(driver, []).append(Delivery(action, bool(abandoned)))
        frozen = {driver: tuple(order) for driver, order in deliveries.items()}
        return History(actions, frozen), tuple(damaged)

    def cached(self, key: bytes, *, not_before: float | None) -> Outcome | None:
        """A value kept for reuse, no older than `not_before` (seconds since the epoch)."""
        rows = self._select("select payload, in_blob, created from cache where key = ?", (key,))
        if not rows:
            return None
        payload, in_blob, created = rows[0]
        if not_before is not None and created < not_before:
            return None
        return Outcome("value", self._fetch(payload, in_blob))

    # Leases ----------------------------------------------------------------------------------

    def lease(self, run: str) -> Lease | None:
        """Take the right to drive `run`; None in memory, where nobody else can.

        Raises:
            RunHeldError: another process drives it.
        """
        path = self._lease_path(run)
        return None if path is None else Lease(path)

    def close(self) -> None:
        """Commit what is staged and close."""
        self.commit()
        self._connection.close()

    # -----------------------------------------------------------------------------------------

    def _lease_path(self, run: str) -> Path | None:
        return None if self.folder is None else self.folder / "leases" / f"{run}.lock"

    def _place(self, payload: bytes) -> tuple[bytes, bool]:
        if self._blobs is None or len(payload) <= INLINE_LIMIT:
            return payload, False
        return self._blobs.put(payload), True

    def _fetch(self, payload: bytes, in_blob: int) -> bytes:
        if not in_blob or self._blobs is None:
            return payload
        return self._blobs.get(payload)

    def _run(self, row: Sequence[Any]) -> RunRecord:
        name, task, source, mode, plan, arguments, python, durability, executor = row[:9]
        workers, phase, created, ended = row[9:]
        path = self._lease_path(name)
        return RunRecord(
            name=name, task=task, source=source, mode=cast(Mode, mode), plan=plan,
            arguments=arguments, python=python, durability=durability, executor=executor,
            workers=workers, phase=cast(RunPhase, phase), created=created, ended=ended,
            alive=path is not None and is_held(path),
        )  # fmt: skip

    def _sound_action(self, row: Sequence[Any]) -> tuple[ActionRecord, bool]:
        try:
            return self._action(row), True
        except CorruptBlobError:
            blank = (*row[:6], b"", 0, *row[8:12], None, None, None, None, None)
            return self._action(blank), False

    def _action(self, row: Sequence[Any]) -> ActionRecord:
        identity, parent, kind, task, version, slot, inputs, inputs_in_blob, group = row[:9]
        file, line, started, outcome_kind, payload, in_blob, cached, ended = row[9:]
        outcome = None
        if outcome_kind is not None:
            outcome = Outcome(cast(OutcomeKind, outcome_kind), self._fetch(payload, in_blob))
        return ActionRecord(
            id=identity, parent=parent, kind=kind, task=task, version=version, slot=slot,
            inputs=self._fetch(inputs, inputs_in_blob), group=group, file=file, line=line,
            started=started, ended=ended, cached=bool(cached), outcome=outcome,
        )  # fmt: skip

    def _select(self, query: str, values: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        with self._lock:
            try:
                return list(self._connection.execute(query, cast(Any, values)))
            except apsw.Error as error:
                raise StoreError(f"the store can't be read: {error}") from error

    @contextmanager
    def _transaction(self) -> Iterator[apsw.Connection]:
        # A deferred transaction fails with "busy" on its upgrade, however long the timeout.
        with self._lock:
            connection = self._connection
            try:
                connection.execute("begin immediate")
                try:
                    yield connection
                    connection.execute("commit")
                except BaseException:
                    if connection.in_transaction:
                        connection.execute("rollback")
                    raise
            except apsw.ConstraintError:
                raise
            except apsw.Error as error:
                raise StoreError(f"the store can't be written: {error}") from error


def open_store(folder: Path | None, durability: Durability = Durability.FAST) -> Store:
    """Open, or make, the store in `folder`; None, or `MEMORY`, keeps everything in memory.

    Raises:
        StoreError: it can't be made or opened, or a newer version wrote it.
    """
    if durability is Durability.MEMORY:
        return Store(None, durability)
    assert folder is not None
    try:
        _prepare(folder)
    except OSError as error:
        raise StoreError(f"the store folder {folder} can't be made: {error}") from error
    return Store(folder, durability)


def _prepare(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    ignore = folder / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n")
    os.close(os.open(folder / "journal.db", os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, 0o600))


def _connect(folder: Path | None, durability: Durability) -> apsw.Connection:
    name = ":memory:" if folder is None else str(folder / "journal.db")
    try:
        connection = apsw.Connection(name)
        connection.set_busy_timeout(BUSY_TIMEOUT_MS)
        _make_schema(connection, name)
        connection.pragma("synchronous", "full" if durability is Durability.SAFE else "normal")
    except apsw.Error as error:
        raise StoreError(f"{name} can't be opened: {error}") from error
    return connection


def _make_schema(connection: apsw.Connection, name: str) -> None:
    if connection.pragma("user_version") == SCHEMA_VERSION:
        return
    # Set once, at creation: unlike a transaction, this change does not wait for a busy store.
    connection.pragma("journal_mode", "wal")
    connection.execute("begin immediate")
    version = connection.pragma("user_version")
    if version == 0:
        connection.execute(SCHEMA)
        connection.pragma("application_id", APPLICATION_ID)
        connection.pragma("user_version", SCHEMA_VERSION)
    connection.execute("commit")
    if version not in (0, SCHEMA_VERSION):
        raise StoreError(
            f"{name} has schema version {version}; this program reads {SCHEMA_VERSION}"
        )


def _insert(connection: apsw.Connection, query: str, rows: list[tuple[object, ...]]) -> None:
    if rows:
        connection.executemany(query, cast(Any, rows))
