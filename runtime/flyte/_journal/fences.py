"""Attempts in other processes: who runs an action now, and whose result counts.

Each attempt in a worker has a fence, a number that only grows. A worker writes its result itself,
in one transaction that first looks whether its fence is still the action's: one that was replaced
while it was stopped or cut off finds another number, and is refused.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import apsw

from flyte._journal.records import FailedAttempt, Outcome

INSERT_START = "insert or replace into starts values (?, ?, ?, ?, ?, ?, ?)"


@dataclass(frozen=True, slots=True, kw_only=True)
class StartRecord:
    """The latest attempt of an action in a worker."""

    action: bytes
    fence: int
    number: int
    """Of the attempt, as the user's retries count."""
    lost: int
    """How often, for that number, a worker ended without a result."""
    worker: str
    """The name of the lock file that the worker holds while it lives."""
    pid: int
    started: float


@dataclass(frozen=True, slots=True)
class Ending:
    """What the journal holds of an attempt's end: one of the two."""

    outcome: Outcome | None = None
    failed: FailedAttempt | None = None


class Fences:
    """The part of a store that drivers and workers share."""

    def __init__(
        self,
        transaction: Callable[[], AbstractContextManager[apsw.Connection]],
        select: Callable[[str, tuple[object, ...]], list[tuple[Any, ...]]],
        place: Callable[[bytes], tuple[bytes, bool]],
        fetch: Callable[[bytes, int], bytes],
    ) -> None:
        self._transaction = transaction
        self._select = select
        self._place = place
        self._fetch = fetch

    # For the driver ----------------------------------------------------------------------------

    def start_of(self, action: bytes) -> StartRecord | None:
        """Who was last given the action; None where no worker was."""
        query = "select fence, number, lost, worker, pid, started from starts where action = ?"
        rows = self._select(query, (action,))
        if not rows:
            return None
        fence, number, lost, worker, pid, started = rows[0]
        return StartRecord(
            action=action, fence=fence, number=number, lost=lost, worker=worker, pid=pid,
            started=started,
        )  # fmt: skip

    def ending_of(self, action: bytes, number: int) -> Ending | None:
        """How an action's attempt of that number ended; None where that isn't recorded.

        Raises:
            CorruptBlobError: what it gave is damaged.
        """
        query = "select kind, payload, in_blob from outcomes where action = ?"
        for kind, payload, in_blob in self._select(query, (action,)):
            return Ending(outcome=Outcome(kind, self._fetch(payload, in_blob), is_recorded=True))
        query = (
            "select error, in_blob, ended, not_before from attempts where action = ? and number = ?"
        )
        for error, in_blob, ended, not_before in self._select(query, (action, number)):
            told = self._fetch(error, in_blob)
            return Ending(failed=FailedAttempt(action, number, told, ended, not_before))
        return None

    def revoke(self, action: bytes) -> None:
        """Refuse whatever the attempt that runs now may still write."""
        with self._transaction() as connection:
            connection.execute("update starts set fence = fence + 1 where action = ?", (action,))

    # For a worker ------------------------------------------------------------------------------

    def inputs_of(self, action: bytes) -> bytes:
        """An action's arguments.

        Raises:
            CorruptBlobError: they are damaged.
        """
        query = "select inputs, inputs_in_blob from actions where id = ?"
        ((inputs, in_blob),) = self._select(query, (action,))
        return self._fetch(inputs, in_blob)

    def end(self, action: bytes, fence: int, outcome: Outcome) -> bool:
        """Record an action's one outcome, if the fence is current; whether it was.

        Raises:
            StoreError: it can't be written.
        """
        payload, in_blob = self._place(outcome.payload)
        with self._transaction() as connection:
            if not _is_current(connection, action, fence):
                return False
            row = (action, outcome.kind, payload, in_blob, False, time.time())
            connection.execute("insert into outcomes values (?, ?, ?, ?, ?, ?)", row)
        return True

    def fail(self, fence: int, failed: FailedAttempt) -> bool:
        """Record an attempt that another one follows, if the fence is current; whether it was.

        Raises:
            StoreError: it can't be written.
        """
        error, in_blob = self._place(failed.error)
        with self._transaction() as connection:
            if not _is_current(connection, failed.action, fence):
                return False
            row = (failed.action, failed.number, error, in_blob, failed.ended, failed.not_before)
            connection.execute("insert into attempts values (?, ?, ?, ?, ?, ?)", row)
        return True


def _is_current(connection: apsw.Connection, action: bytes, fence: int) -> bool:
    query = (
        "select 1 from starts s where s.action = ? and s.fence = ?"
        " and not exists (select 1 from outcomes o where o.action = s.action)"
    )
    return connection.execute(query, (action, fence)).fetchone() is not None
