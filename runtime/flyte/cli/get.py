"""`flyte get`: runs, their actions, and what went in and out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from flyte._json_values import to_json
from flyte.cli.exits import CommandError
from flyte.cli.get_graph import get_graph
from flyte.cli.get_logs import get_logs
from flyte.cli.get_task import get_task
from flyte.cli.loading import load_tasks
from flyte.cli.output import output_option, print_json, print_table, wants_json
from flyte.cli.recorded import calls_in, decoded, find_action, find_run, opened, shown_id

if TYPE_CHECKING:
    from flyte._journal import ActionRecord, RunRecord

_RUN_COLUMNS = ("run", "task", "phase", "started", "ended")
_ACTION_COLUMNS = ("task", "kind", "phase", "how", "seconds", "action", "error")
_SHORT = 10
"""Letters of an action's id in a table; enough to name it to `flyte get`."""


@click.group()
@output_option
def get() -> None:
    """Show what the store has recorded."""


@get.command("run")
@output_option
@click.argument("name", metavar="[RUN]", required=False)
@click.pass_context
def get_run(context: click.Context, name: str | None) -> None:
    """All runs, latest first, or one."""
    with opened() as store:
        runs = store.runs() if name is None else (find_run(store, name),)
        rows = [_run_row(run) for run in sorted(runs, key=lambda run: -run.created)]
    if wants_json(context):
        print_json(rows if name is None else rows[0])
    elif rows:
        print_table(_RUN_COLUMNS, rows)
    else:
        click.echo("no runs yet", err=True)


@get.command("action")
@output_option
@click.argument("name", metavar="RUN")
@click.argument("action", metavar="[ACTION]", required=False)
@click.pass_context
def get_action(context: click.Context, name: str, action: str | None) -> None:
    """The actions of a run, each driver before its calls, or one."""
    with opened() as store:
        run = find_run(store, name)
        records = calls_in(store.actions(run.name))
        chosen = records if action is None else (find_action(records, action, run),)
    if wants_json(context):
        rows = [_action_row(record, run) for record in chosen]
        print_json(rows if action is None else rows[0])
        return
    tree = _as_tree(records) if action is None else ((chosen[0], 0),)
    print_table(_ACTION_COLUMNS, [_table_row(record, run, depth) for record, depth in tree])


@get.command("io")
@output_option
@click.argument("name", metavar="RUN")
@click.argument("action", metavar="[ACTION]", required=False)
@click.pass_context
def get_io(context: click.Context, name: str, action: str | None) -> None:
    """The inputs and outputs of a run, or of one of its actions."""
    with opened() as store:
        run = find_run(store, name)
        records = store.actions(run.name)
        root = next((record for record in records if record.parent is None), None)
        record = root if action is None else find_action(calls_in(records), action, run)
    if record is None:
        raise CommandError(f"run `{name}` has recorded nothing yet")
    items = [each for each in records if each.kind == "item" and each.parent == record.id]
    values = _values(record, items, run)
    if wants_json(context):
        print_json({"action": shown_id(record), "task": record.task, **values})
        return
    rows = [
        {"": part, "name": name, "value": json.dumps(value, ensure_ascii=False)}
        for part, named in values.items()
        for name, value in named.items()
    ]
    print_table(("", "name", "value"), rows)


def _run_row(run: RunRecord) -> dict[str, object]:
    return {
        "run": run.name,
        "task": run.task,
        "phase": _run_phase(run),
        "mode": run.mode,
        "source": run.source,
        "durability": run.durability,
        "executor": run.executor,
        "started": _time(run.created),
        "ended": _time(run.ended),
    }


def _run_phase(run: RunRecord) -> str:
    # A run whose process is gone goes on running in the records until it is resumed.
    return "interrupted" if run.phase == "running" and not run.alive else run.phase


def _action_row(record: ActionRecord, run: RunRecord) -> dict[str, Any]:
    from flyte_plan.digest import show_digest  # noqa: PLC0415 - as above

    return {
        "action": shown_id(record),
        "parent": None if record.parent is None else show_digest(record.parent),
        "task": record.task,
        "kind": record.kind,
        "phase": _action_phase(record, run),
        "attempts": 0 if record.cached else record.attempts,
        "replayed": _is_replayed(record, run),
        "cached": record.cached,
        "started": _time(record.started),
        "ended": _time(record.ended),
        "group": record.group,
        "error": _error(record),
    }


def _as_tree(records: tuple[ActionRecord, ...]) -> Iterator[tuple[ActionRecord, int]]:
    """Actions with their depth: each driver before its calls, calls in the order recorded."""
    children: dict[bytes | None, list[ActionRecord]] = {}
    for record in records:
        children.setdefault(record.parent, []).append(record)
    waiting = [(record, 0) for record in reversed(children.get(None, []))]
    while waiting:
        record, depth = waiting.pop()
        yield record, depth
        waiting += [(child, depth + 1) for child in reversed(children.get(record.id, []))]


def _table_row(record: ActionRecord, run: RunRecord, depth: int) -> dict[str, object]:
    row = _action_row(record, run)
    flags = [name for name in ("cached", "replayed") if row[name]]
    seconds = "" if record.ended is None else f"{record.ended - record.started:.3f}"
    return row | {
        "task": "  " * depth + record.task,
        "how": ", ".join(flags) or ("again" if record.attempts > 1 else ""),
        "seconds": seconds,
        "action": str(row["action"])[:_SHORT],
    }


def _is_replayed(record: ActionRecord, run: RunRecord) -> bool:
    """Whether the outcome was there when a process last took the run up."""
    return bool(run.resumed and record.ended and record.ended < run.resumed)


def _action_phase(record: ActionRecord, run: RunRecord) -> str:
    if record.outcome is not None:
        return "succeeded" if record.outcome.kind == "value" else "failed"
    if run.phase == "running":
        return "running" if run.alive else "interrupted"
    return "aborted"  # its driver ended without it


def _error(record: ActionRecord) -> str | None:
    from flyte._engine.failure import decode_error  # noqa: PLC0415 - as above

    if record.outcome is None or record.outcome.kind == "value":
        return None
    error = decode_error(record.outcome.payload)
    return f"{getattr(error, 'code', type(error).__name__)}: {error}"


def _values(
    record: ActionRecord, items: list[ActionRecord], run: RunRecord
) -> dict[str, dict[str, Any]]:
    inputs = decoded(record.inputs, run)
    outputs: dict[str, Any] = {}
    if items:
        outputs = {"o0": list(_items(items, run))}
    elif record.outcome is not None and record.outcome.kind == "value":
        value = decoded(record.outcome.payload, run)
        parts = value if isinstance(value, tuple) and _gives_several(record, run) else (value,)
        outputs = {f"o{index}": part for index, part in enumerate(parts)}
    return {"inputs": to_json(inputs), "outputs": to_json(outputs)}


def _items(records: list[ActionRecord], run: RunRecord) -> Iterator[object]:
    """What a traced generator gave, as far as it was asked."""
    for record in records:
        if record.outcome is not None and record.outcome.kind == "value":
            is_last, value = cast(tuple[bool, object], decoded(record.outcome.payload, run))
            if not is_last:
                yield value


def _gives_several(record: ActionRecord, run: RunRecord) -> bool:
    """Whether a recorded tuple is several outputs: only the program says."""
    try:
        task = load_tasks(Path(run.source)).get(record.task)
    except CommandError:
        return False
    return task is not None and len(task.interface.output_names) > 1


def _time(seconds: float | None) -> str | None:
    if seconds is None:
        return None
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")


get.add_command(get_logs)
get.add_command(get_task)
get.add_command(get_graph)
