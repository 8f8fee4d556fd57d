"""The store: records in SQLite (WAL), large values as blobs beside them.

Rows are *staged* and become durable together at `commit`, one short `BEGIN IMMEDIATE`
transaction in which no user code and no blob I/O happens. Nothing staged is visible to readers,
so a caller shows an outcome to a driver only after the commit that holds it.

A store is used by one thread at a time under its own lock; several processes may share a folder.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import apsw

from flyte._journal.blobs import BlobFolder, CorruptBlobError
from flyte._journal.connect import Durability, StoreError, connect, disconnect, prepare
from flyte._journal.fences import INSERT_START, Fences, StartRecord
from flyte._journal.lease import Lease, is_held
from flyte._journal.records import (
    ActionRecord,
    Delivery,
    FailedAttempt,
    Outcome,
    RunPhase,
    RunRecord,
)
from flyte._journal.rows import (
    INSERT_ACTION,
    INSERT_ATTEMPT,
    INSERT_CACHE,
    INSERT_DELIVERY,
    INSERT_OUTCOME,
    INSERT_RUN,
    SELECT_ACTIONS,
    SELECT_CALLS,
    SELECT_RUNS,
    Row,
    action_record,
    run_record,
    run_row,
    without_payloads,
)
from flyte._journal.schema import INLINE_LIMIT


@dataclass(frozen=True, slots=True)
class History:
    """What a resumed run remembers."""

    actions: dict[bytes, ActionRecord] = field(default_factory=dict)
    deliveries: dict[bytes, tuple[Delivery, ...]] = field(default_factory=dict)
    """By driver, in order."""
    failed: dict[bytes, tuple[FailedAttempt, ...]] = field(default_factory=dict)
    """By action, in order: attempts that another one was to follow."""


@dataclass(slots=True)
class _Staged:
    actions: list[tuple[object, ...]] = field(default_factory=list)
    starts: list[tuple[object, ...]] = field(default_factory=list)
    outcomes: list[tuple[object, ...]] = field(default_factory=list)
    attempts: list[tuple[object, ...]] = field(default_factory=list)
    deliveries: list[tuple[object, ...]] = field(default_factory=list)
    cache: list[tuple[object, ...]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return self.is_binding or bool(self.deliveries)

    @property
    def is_binding(self) -> bool:
        """Whether it holds more than the order of deliveries."""
        return bool(self.actions or self.starts or self.outcomes or self.attempts or self.cache)


class Store:
    """One store folder, open. See the module's docstring for staging."""

    def __init__(self, folder: Path | None, durability: Durability) -> None:
        self.folder = folder
        self.durability = durability
        self._blobs = None
        if folder is not None:
            self._blobs = BlobFolder(folder / "blobs", sync=durability is Durability.SAFE)
        self._connection = connect(folder, durability)
        self._staged = _Staged()
        self._lock = threading.RLock()
        self.fences = Fences(self._transaction, self._select, self._place, self._fetch)

    # Writing ---------------------------------------------------------------------------------

    def create_run(self, run: RunRecord) -> None:
        """Record a run before anything of it starts.

        Raises:
            StoreError: a run of that name is there.
        """
        try:
            with self._transaction() as connection:
                connection.execute(INSERT_RUN, run_row(run))
        except apsw.ConstraintError:
            raise StoreError(f"a run named `{run.name}` is there already") from None

    def resume_run(self, name: str) -> None:
        """Record that a process takes a run up again."""
        with self._transaction() as connection:
            connection.execute("update runs set resumed = ? where name = ?", (time.time(), name))

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
               action.started, action.driver_attempt)  # fmt: skip
        with self._lock:
            self._staged.actions.append(row)

    def stage_outcome(self, action: bytes, outcome: Outcome, *, cached: bool) -> None:
        """Stage an action's one outcome, unless a worker has recorded it."""
        if outcome.is_recorded:
            return
        payload, in_blob = self._place(outcome.payload)
        row = (action, outcome.kind, payload, in_blob, cached, time.time())
        with self._lock:
            self._staged.outcomes.append(row)

    def stage_start(self, start: StartRecord) -> None:
        """Stage that an attempt starts in a worker; the worker is told once that is durable."""
        row = (start.action, start.fence, start.number, start.lost, start.worker, start.pid,
               start.started)  # fmt: skip
        with self._lock:
            self._staged.starts.append(row)

    def stage_failed_attempt(self, failed: FailedAttempt) -> None:
        """Stage an attempt that is to be followed by another."""
        error, in_blob = self._place(failed.error)
        row = (failed.action, failed.number, error, in_blob, failed.ended, failed.not_before)
        with self._lock:
            self._staged.attempts.append(row)

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
                _insert(connection, INSERT_START, staged.starts)
                _insert(connection, INSERT_OUTCOME, staged.outcomes)
                _insert(connection, INSERT_ATTEMPT, staged.attempts)
                _insert(connection, INSERT_DELIVERY, staged.deliveries)
                _insert(connection, INSERT_CACHE, staged.cache)
            self._staged = _Staged()
            return True

    def commit_records(self) -> None:
        """Commit, unless nothing but deliveries is staged.

        The order of deliveries has to be durable only before a record that rests on it, so it
        waits for the driver's next intent or outcome and shares its transaction.

        Raises:
            StoreError: as `commit`.
        """
        if self._staged.is_binding:
            self.commit()

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
        return tuple(
            action_record(row, self._fetch) for row in self._select(SELECT_ACTIONS, (run,))
        )

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
        return History(actions, frozen, self._failed(run)), tuple(damaged)

    def calls_of(self, run: str, driver: bytes) -> tuple[ActionRecord, ...]:
        """What one driver has recorded by now in all its attempts.

        A damaged outcome is forgotten, so that its action runs again.
        """
        records: list[ActionRecord] = []
        for row in self._select(SELECT_CALLS, (run, driver, driver)):
            record, sound = self._sound_action(row)
            records.append(record)
            if not sound:
                self.discard_outcome(record.id)
        return tuple(records)

    def deliveries_of(self, attempt: bytes) -> tuple[Delivery, ...]:
        """The order in which one attempt of a driver saw outcomes."""
        query = "select action, abandoned from deliveries where driver = ? order by number"
        return tuple(
            Delivery(action, bool(abandoned))
            for action, abandoned in self._select(query, (attempt,))
        )

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

    def worker_lock(self, worker: str) -> Path | None:
        """The file that a worker of that name locks; None in memory."""
        return None if self.folder is None else self.folder / "workers" / f"{worker}.lock"

    def close(self) -> None:
        """Close; what is staged and not committed is forgotten. Nothing can be used afterwards."""
        with self._lock:
            self._staged = _Staged()
            disconnect(self._connection, self.folder)

    # -----------------------------------------------------------------------------------------

    def _failed(self, run: str) -> dict[bytes, tuple[FailedAttempt, ...]]:
        query = (
            "select t.action, t.number, t.error, t.in_blob, t.ended, t.not_before from attempts t"
            " join actions a on a.id = t.action where a.run = ? order by t.action, t.number"
        )
        failed: dict[bytes, list[FailedAttempt]] = {}
        for action, number, error, in_blob, ended, not_before in self._select(query, (run,)):
            told = b"" if in_blob else error  # a blob's: nobody asks for it here
            failed.setdefault(action, []).append(
                FailedAttempt(action, number, told, ended, not_before)
            )
        return {action: tuple(attempts) for action, attempts in failed.items()}

    def _lease_path(self, run: str) -> Path | None:
        return None if self.folder is None else self.folder / "leases" / f"{run}.lock"

    def _place(self, payload: bytes) -> tuple[bytes, bool]:
        if self._blobs is None or len(payload) <= INLINE_LIMIT:
            return payload, False
        try:
            return self._blobs.put(payload), True
        except OSError as error:
            raise StoreError(f"a value can't be kept: {error}") from error

    def _fetch(self, payload: bytes, in_blob: int) -> bytes:
        if not in_blob or self._blobs is None:
            return payload
        return self._blobs.get(payload)

    def _run(self, row: Row) -> RunRecord:
        path = self._lease_path(row[0])
        return run_record(row, alive=path is not None and is_held(path))

    def _sound_action(self, row: Row) -> tuple[ActionRecord, bool]:
        try:
            return action_record(row, self._fetch), True
        except CorruptBlobError:
            return action_record(without_payloads(row), self._fetch), False

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
                raise  # what is there already, is told by the caller
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
        prepare(folder)
    except OSError as error:
        raise StoreError(f"the store folder {folder} can't be made: {error}") from error
    return Store(folder, durability)


def _insert(connection: apsw.Connection, query: str, rows: list[tuple[object, ...]]) -> None:
    if rows:
        connection.executemany(query, cast(Any, rows))
