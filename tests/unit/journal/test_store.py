"""The store: what is durable when, and what damage does."""

from __future__ import annotations

import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import apsw
import pytest

from flyte._journal import ActionRecord, Outcome, RunRecord, Store, StoreError, open_store

BIG = b"x" * 100_000


def run_record(name: str = "r") -> RunRecord:
    return RunRecord(
        name=name, task="e.t", source="", mode="dynamic", plan=None, arguments=b"", python="3.11",
        durability="fast", executor="auto", workers=None, phase="running", created=0.0,
        resumed=None, ended=None,
    )  # fmt: skip


def action(name: bytes) -> ActionRecord:
    return ActionRecord(
        id=name, parent=None, kind="task", task="e.t", version=None, slot="", inputs=b"",
        group=None, file="", line=0, started=0.0, ended=None, attempts=1, cached=False,
        outcome=None,
    )  # fmt: skip


def stage(store: Store, name: bytes, payload: bytes = b"v") -> None:
    store.stage_action("r", action(name))
    store.stage_outcome(name, Outcome("value", payload), cached=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def store(folder: Path) -> Store:
    opened = open_store(folder)
    opened.create_run(run_record())
    return opened


def test_nothing_staged_is_seen_before_its_commit(store: Store, folder: Path) -> None:
    other = open_store(folder)
    stage(store, b"a")
    assert other.actions("r") == ()
    assert store.commit()
    assert [record.outcome for record in other.actions("r")] == [Outcome("value", b"v")]
    assert not store.commit()


def test_closing_forgets_what_was_not_committed(store: Store, folder: Path) -> None:
    stage(store, b"a")
    store.close()
    assert open_store(folder).actions("r") == ()


def test_an_action_has_one_outcome_and_a_commit_is_all_or_nothing(store: Store) -> None:
    stage(store, b"a")
    store.commit()
    stage(store, b"b")
    store.stage_outcome(b"a", Outcome("value", b"other"), cached=False)
    with pytest.raises(apsw.ConstraintError):
        store.commit()
    assert [record.outcome for record in store.actions("r")] == [Outcome("value", b"v")]


@pytest.mark.parametrize("damage", ["flip", "remove"])
def test_a_damaged_blob_is_set_aside_and_its_outcome_forgotten(
    store: Store, folder: Path, damage: str
) -> None:
    stage(store, b"a", BIG)
    store.commit()
    (blob,) = (path for path in (folder / "blobs").rglob("*") if path.is_file())
    if damage == "flip":
        blob.write_bytes(b"y" + BIG[1:])
    else:
        blob.unlink()
    history, damaged = store.history("r")
    assert damaged == (b"a",)
    assert history.actions[b"a"].outcome is None
    assert not blob.exists()
    assert open_store(folder).history("r")[1] == ()


def test_a_newer_store_is_refused(store: Store, folder: Path) -> None:
    store.close()
    connection = apsw.Connection(str(folder / "journal.db"))
    connection.pragma("user_version", 99)
    connection.close()
    with pytest.raises(StoreError, match="99"):
        open_store(folder)


def test_what_is_no_store_is_refused(folder: Path) -> None:
    folder.mkdir()
    (folder / "journal.db").write_bytes(b"not a database, for certain" * 100)
    with pytest.raises(StoreError, match=r"journal\.db"):
        open_store(folder)


def test_a_folder_that_is_a_file_is_refused(folder: Path) -> None:
    folder.write_text("")
    with pytest.raises(StoreError, match="can't be made"):
        open_store(folder)


def test_a_name_is_taken_once(store: Store) -> None:
    with pytest.raises(StoreError, match="`r`"):
        store.create_run(run_record())


WRITER = """
import sys
import time
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from test_store import action, open_store, stage
store = open_store(Path(sys.argv[1]))
for number in range(50):
    stage(store, sys.argv[3].encode() + bytes([number]))
    store.commit()
"""


def test_two_processes_write_to_one_store(store: Store, folder: Path) -> None:
    words = [sys.executable, "-c", WRITER, str(folder), str(Path(__file__).parent)]
    writers = [subprocess.Popen([*words, name]) for name in ("a", "b")]
    assert [writer.wait(30) for writer in writers] == [0, 0]
    assert len(store.actions("r")) == 100


OPENER = """
import sys, time
from pathlib import Path
from flyte._journal import open_store
start = float(sys.argv[2])
for number in range(50):
    while time.time() < start + number * 0.02:  # together, or there is nothing to win
        pass
    open_store(Path(sys.argv[1]) / str(number)).close()
"""


def test_new_stores_are_opened_and_closed_by_several_processes_at_once(tmp_path: Path) -> None:
    words = [sys.executable, "-c", OPENER, str(tmp_path), str(time.time() + 1)]
    openers = [subprocess.Popen(words) for _ in range(3)]
    assert [opener.wait(60) for opener in openers] == [0, 0, 0]


def test_a_store_whose_folder_is_gone_can_be_closed(tmp_path: Path) -> None:
    opened = open_store(tmp_path / "new")
    shutil.rmtree(tmp_path / "new")
    opened.close()


def fill(store: Store, payload: bytes) -> None:
    for number in range(200):
        stage(store, b"after%d" % number, payload)
        store.commit()


@pytest.mark.parametrize("payload", [BIG, b"small" * 200])
def test_a_full_disk_is_a_clear_error_and_nothing_is_half_recorded(
    store: Store, folder: Path, payload: bytes
) -> None:
    stage(store, b"before")
    store.commit()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limits[1]))
    try:
        with pytest.raises(StoreError, match=r"can't be (written|kept)"):
            fill(store, payload)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, ignored)
    assert [record.id for record in open_store(folder).actions("r")] == [b"before"]
    assert not [path for path in folder.rglob("new-*") if path.is_file()]
