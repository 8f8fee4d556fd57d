"""What the store has, found for the command line: with errors as people read them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from flyte._near import did_you_mean
from flyte.cli.exits import CommandError
from flyte.cli.loading import load_tasks

if TYPE_CHECKING:
    from flyte._journal import ActionRecord, RunRecord, Store


@contextmanager
def opened() -> Iterator[Store]:
    from flyte._config import store_folder  # noqa: PLC0415 - the engine, once it is needed
    from flyte._journal import StoreError, open_store  # noqa: PLC0415 - the same

    try:
        store = open_store(store_folder())
    except StoreError as error:
        raise CommandError(str(error)) from None
    try:
        yield store
    finally:
        store.close()


def find_run(store: Store, name: str) -> RunRecord:
    run = store.run(name)
    if run is None:
        known = [run.name for run in store.runs()]
        raise CommandError(f"no run `{name}` in `{store.folder}`{did_you_mean(name, known)}")
    return run


def calls_in(records: tuple[ActionRecord, ...]) -> tuple[ActionRecord, ...]:
    """What users know as actions; the items of a traced generator are parts of its own."""
    return tuple(record for record in records if record.kind != "item")


def find_action(records: tuple[ActionRecord, ...], said: str, run: RunRecord) -> ActionRecord:
    found = [record for record in records if shown_id(record).startswith(said)]
    if len(found) == 1:
        return found[0]
    what = "several actions" if found else "no action"
    raise CommandError(f"run `{run.name}` has {what} whose id starts with `{said}`")


def shown_id(record: ActionRecord) -> str:
    from flyte_plan.digest import show_digest  # noqa: PLC0415 - the engine's, once it is needed

    return show_digest(record.id)


def decoded(stored: bytes, run: RunRecord) -> object:
    """A recorded value; the program is loaded where the value needs its classes."""
    from flyte._engine.values import decode_value  # noqa: PLC0415 - as above
    from flyte_plan.encoding import DecodeError  # noqa: PLC0415 - as above

    try:
        return decode_value(stored)
    except DecodeError:
        load_tasks(Path(run.source))
    try:
        return decode_value(stored)
    except DecodeError as error:
        raise CommandError(f"a recorded value can't be read: {error}") from None
