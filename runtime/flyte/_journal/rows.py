"""The journal's statements, and its rows as records."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flyte._journal.records import ActionRecord, Outcome, RunRecord

Row = tuple[Any, ...]
Fetch = Callable[[bytes, int], bytes]
"""A payload from its column and whether that holds a blob's digest instead."""

INSERT_RUN = "insert into runs values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
INSERT_ACTION = (
    "insert into actions values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?)"
    " on conflict (id) do update set attempts = attempts + 1"
)
INSERT_OUTCOME = "insert into outcomes values (?, ?, ?, ?, ?, ?)"
INSERT_DELIVERY = "insert into deliveries values (?, ?, ?, ?, ?)"
INSERT_ATTEMPT = "insert or ignore into attempts values (?, ?, ?, ?, ?, ?)"
INSERT_CACHE = "insert or replace into cache values (?, ?, ?, ?, ?)"
SELECT_RUNS = (
    "select name, task, source, mode, plan, arguments, python, durability, executor, workers,"
    " phase, created, resumed, ended from runs"
)
_ACTIONS = (
    "select a.id, a.parent, a.kind, a.task, a.version, a.slot, a.inputs, a.inputs_in_blob, a.label,"
    " a.file, a.line, a.started,"
    " a.attempts + (select count(*) from attempts t where t.action = a.id)"
    " + coalesce((select lost from starts s where s.action = a.id), 0),"
    " a.driver_attempt, o.kind, o.payload, o.in_blob, o.cached, o.ended"
    " from actions a left join outcomes o on o.action = a.id"
)
SELECT_ACTIONS = f"{_ACTIONS} where a.run = ? order by a.rowid"
SELECT_CALLS = (
    f"{_ACTIONS} where a.run = ? and (a.parent = ? or a.kind = 'item' and a.parent in"
    " (select id from actions where parent = ?)) order by a.rowid"
)
"""Of one driver, the items of its traced generators among them."""


def run_row(run: RunRecord) -> Row:
    """A run as `INSERT_RUN` takes it."""
    return (
        run.name, run.task, run.source, run.mode, run.plan, run.arguments, run.python,
        run.durability, run.executor, run.workers, run.phase, run.created, run.resumed,
        run.ended,
    )  # fmt: skip


def run_record(row: Row, *, alive: bool) -> RunRecord:
    """A run as `SELECT_RUNS` gives it."""
    name, task, source, mode, plan, arguments, python, durability, executor = row[:9]
    workers, phase, created, resumed, ended = row[9:]
    return RunRecord(
        name=name, task=task, source=source, mode=mode, plan=plan, arguments=arguments,
        python=python, durability=durability, executor=executor, workers=workers, phase=phase,
        created=created, resumed=resumed, ended=ended, alive=alive,
    )  # fmt: skip


def action_record(row: Row, fetch: Fetch) -> ActionRecord:
    """An action as `SELECT_ACTIONS` gives it.

    Raises:
        CorruptBlobError: from `fetch`.
    """
    identity, parent, kind, task, version, slot, inputs, inputs_in_blob, group = row[:9]
    file, line, started, attempts, driver_attempt = row[9:14]
    outcome_kind, payload, in_blob, cached, ended = row[14:]
    outcome = None
    if outcome_kind is not None:
        outcome = Outcome(outcome_kind, fetch(payload, in_blob))
    return ActionRecord(
        id=identity, parent=parent, kind=kind, task=task, version=version, slot=slot,
        inputs=fetch(inputs, inputs_in_blob), group=group, file=file, line=line,
        started=started, ended=ended, attempts=attempts, cached=bool(cached), outcome=outcome,
        driver_attempt=driver_attempt,
    )  # fmt: skip


def without_payloads(row: Row) -> Row:
    """An action's row as if it had no outcome, for one whose blobs are damaged."""
    return (*row[:6], b"", 0, *row[8:14], None, None, None, None, None)
