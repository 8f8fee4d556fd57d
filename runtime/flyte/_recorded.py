"""What the store has of runs: their records, their phases, the tasks that they are of."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flyte._config import store_folder
from flyte._journal import Durability, Outcome, RunRecord, Store, StoreError, open_store
from flyte._load import load_module, tasks_of
from flyte._near import did_you_mean
from flyte._task import Task
from flyte.errors import InitializationError
from flyte.models import ActionPhase
from flyte_plan.identity import root_action_id


@contextmanager
def opened_store() -> Iterator[Store]:
    """The store, closed behind the block.

    Raises:
        InitializationError: it can't be used.
    """
    store = open_journal(Durability.FAST)
    try:
        yield store
    except StoreError as error:
        raise InitializationError(str(error)) from error
    finally:
        store.close()


def open_journal(durability: Durability) -> Store:
    """The store, or one in memory.

    Raises:
        InitializationError: it can't be used.
    """
    try:
        return open_store(store_folder(), durability)
    except StoreError as error:
        raise InitializationError(str(error)) from error


def find_run(store: Store, name: str) -> RunRecord:
    """A run by name.

    Raises:
        InitializationError: there is none; says which name is near.
    """
    record = store.run(name)
    if record is None:
        hint = did_you_mean(name, [run.name for run in store.runs()])
        raise InitializationError(f"no run named `{name}` in {store.folder}{hint}")
    return record


def root_outcome(store: Store, record: RunRecord) -> Outcome | None:
    """What a run gave; None where it hasn't ended with that."""
    root = root_action_id(record.name)
    found = (action for action in store.actions(record.name) if action.id == root)
    return next((action.outcome for action in found), None)


def phase_of(record: RunRecord) -> ActionPhase:
    """Where a run stands; one whose process is gone is `paused`, and can be resumed."""
    if record.phase == "running":
        return ActionPhase.RUNNING if record.alive else ActionPhase.PAUSED
    return ActionPhase(record.phase)


def task_of(record: RunRecord) -> Task[..., Any]:
    """The task of a run, loaded from its source.

    Raises:
        InitializationError: its source, or the task in it, is not there any more.
    """
    if not record.source or not Path(record.source).is_file():
        raise InitializationError(
            f"run `{record.name}` can't be resumed: its source "
            f"{record.source or '(a notebook or a shell)'} is not there"
        )
    tasks = tasks_of(load_module(Path(record.source)))
    if record.task not in tasks:
        raise InitializationError(f"{record.source} has no task `{record.task}` any more")
    return tasks[record.task]
