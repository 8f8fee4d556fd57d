"""Fences: of several attempts of one action, the latest alone can record something."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_store import action, run_record

from flyte._journal import Outcome, Store, open_store
from flyte._journal.fences import Ending, StartRecord
from flyte._journal.records import FailedAttempt

BIG = b"x" * 100_000


@pytest.fixture
def store(tmp_path: Path) -> Store:
    opened = open_store(tmp_path / "store")
    opened.create_run(run_record())
    opened.stage_action("r", action(b"a"))
    return opened


def start(store: Store, fence: int, number: int = 0) -> None:
    store.stage_start(
        StartRecord(action=b"a", fence=fence, number=number, lost=0, worker="w", pid=1, started=0.0)
    )
    store.commit()


def other(store: Store) -> Store:
    return open_store(store.folder)


@pytest.mark.parametrize("payload", [b"v", BIG])
def test_a_worker_records_the_outcome_where_its_fence_is_current(
    store: Store, payload: bytes
) -> None:
    start(store, 1)
    assert other(store).fences.end(b"a", 1, Outcome("value", payload))
    ending = store.fences.ending_of(b"a", 0)
    assert ending == Ending(outcome=Outcome("value", payload))
    assert ending.outcome is not None
    assert ending.outcome.is_recorded


def test_a_replaced_attempt_is_refused_before_and_after_its_replacement_ends(store: Store) -> None:
    start(store, 1)
    store.fences.revoke(b"a")
    assert not other(store).fences.end(b"a", 1, Outcome("value", b"late"))
    assert store.fences.ending_of(b"a", 0) is None
    start(store, 3)
    assert not other(store).fences.end(b"a", 1, Outcome("value", b"late"))
    assert other(store).fences.end(b"a", 3, Outcome("value", b"right"))
    assert not other(store).fences.end(b"a", 1, Outcome("value", b"late"))
    assert not other(store).fences.end(b"a", 3, Outcome("value", b"twice"))
    assert store.fences.ending_of(b"a", 0) == Ending(outcome=Outcome("value", b"right"))


def test_a_replaced_attempt_cannot_record_a_failure_either(store: Store) -> None:
    failed = FailedAttempt(b"a", 0, b"e", 1.0, 2.0)
    start(store, 1)
    store.fences.revoke(b"a")
    assert not other(store).fences.fail(1, failed)
    start(store, 2, number=0)
    assert other(store).fences.fail(2, failed)
    assert store.fences.ending_of(b"a", 0) == Ending(failed=failed)
    assert store.fences.ending_of(b"a", 1) is None


def test_an_outcome_that_a_worker_recorded_is_not_written_again(store: Store) -> None:
    start(store, 1)
    other(store).fences.end(b"a", 1, Outcome("value", b"v"))
    ending = store.fences.ending_of(b"a", 0)
    assert ending is not None
    assert ending.outcome is not None
    store.stage_outcome(b"a", ending.outcome, cached=False)
    assert not store.commit()


def test_lost_attempts_count_as_attempts(store: Store) -> None:
    store.stage_start(
        StartRecord(action=b"a", fence=3, number=0, lost=2, worker="w", pid=1, started=0.0)
    )
    store.commit()
    assert [each.attempts for each in store.actions("r")] == [3]
