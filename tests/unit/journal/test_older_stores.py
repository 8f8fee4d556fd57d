"""Stores as each older version wrote them: they open, and go on."""

from __future__ import annotations

from pathlib import Path

import apsw
import pytest

from flyte._journal import Delivery, Outcome, StoreError, open_store
from flyte._journal.fences import StartRecord
from flyte._journal.schema import MIGRATIONS, SCHEMA_VERSION

OLDER = Path(__file__).parent / "older"


def written_by(version: int, folder: Path) -> Path:
    """A store with one run, as a program of that version leaves it when it is killed."""
    folder.mkdir()
    connection = apsw.Connection(str(folder / "journal.db"))
    connection.pragma("journal_mode", "wal")
    connection.execute((OLDER / f"version_{version}.sql").read_text())
    connection.close()
    return folder


def test_each_older_version_has_a_store_here() -> None:
    assert sorted(OLDER.iterdir()) == [OLDER / f"version_{v}.sql" for v in range(1, SCHEMA_VERSION)]
    assert sorted(MIGRATIONS) == list(range(1, SCHEMA_VERSION))


@pytest.mark.parametrize("version", range(1, SCHEMA_VERSION))
def test_a_store_of_an_older_version_opens_and_goes_on(version: int, tmp_path: Path) -> None:
    store = open_store(written_by(version, tmp_path / "store"))
    history, damaged = store.history("r")
    assert not damaged
    assert history.actions[b"\2"].outcome == Outcome("value", b"\7")
    assert history.deliveries == {b"\1": (Delivery(b"\2", abandoned=False),)}
    started = StartRecord(
        action=b"\1", fence=1, number=0, lost=2, worker="w", pid=7, started=4.0
    )  # fmt: skip
    store.stage_start(started)
    store.commit()
    assert store.fences.end(b"\1", 1, Outcome("value", b"\6"))
    store.end_run("r", "succeeded")
    store.close()
    again = open_store(tmp_path / "store")
    assert again.fences.start_of(b"\1") == started
    assert [action.outcome for action in again.actions("r")] == [
        Outcome("value", b"\6"),
        Outcome("value", b"\7"),
    ]


def test_a_store_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    open_store(tmp_path).close()
    connection = apsw.Connection(str(tmp_path / "journal.db"))
    connection.pragma("user_version", SCHEMA_VERSION + 1)
    connection.close()
    with pytest.raises(StoreError, match="schema version"):
        open_store(tmp_path)


@pytest.mark.parametrize("version", range(1, SCHEMA_VERSION))
def test_a_migrated_store_has_the_tables_of_a_new_one(version: int, tmp_path: Path) -> None:
    open_store(written_by(version, tmp_path / "old")).close()
    open_store(tmp_path / "new").close()
    assert columns(tmp_path / "old") == columns(tmp_path / "new")


def columns(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    connection = apsw.Connection(str(folder / "journal.db"))
    names = [name for (name,) in connection.execute("select name from sqlite_schema")]
    return {name: list(connection.execute(f"pragma table_info({name})")) for name in names}
