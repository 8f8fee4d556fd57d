"""`flyte.rerun`: a recorded run again, as a new run; with `recover`, reusing what succeeded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from flyte._driving import variables_of
from flyte._ended_run import Run
from flyte._engine.values import decode_arguments
from flyte._journal import ActionRecord, RunRecord, Store
from flyte._load import load_module, tasks_of
from flyte._recorded import find_run, opened_store, task_of
from flyte._run_options import RunOptions, told_to
from flyte._start import start
from flyte._task import Task
from flyte.errors import ActionNotFoundError, InitializationError
from flyte_plan.digest import show_digest

ROOT = "a0"
"""Upstream's name of a run's first action."""


def rerun_task(run: str) -> Task[..., Any]:
    """The task of a recorded run, loaded: for its parameters.

    Raises:
        InitializationError: no such run, or its source is gone.
    """
    with opened_store() as store:
        record = find_run(store, run)
    return task_of(record)


def start_again(
    run_name: str,
    options: RunOptions,
    inputs: Mapping[str, Any],
    *,
    action_name: str = ROOT,
    recover: bool = False,
    force_rerun_actions: Sequence[str] | None = None,
) -> Run[Any]:
    """Run a recorded run's task again as a new run, with `inputs` over the recorded ones.

    Raises:
        InitializationError: no such run, or its source is gone.
        ActionNotFoundError: no action of that id.
        ValueError: `recover` for one action.
        TypeError: inputs that don't fit.
        BaseException: as `flyte.run`.
    """
    if recover and action_name != ROOT:
        raise ValueError("`recover` is for a whole run; `action_name` runs one action anew")
    if force_rerun_actions and not recover:
        raise ValueError("`force_rerun_actions` says what `recover` leaves out; say both")
    with opened_store() as store:
        record = find_run(store, run_name)
        action = None if action_name == ROOT else _action(store, record, action_name)
    told = {**told_to(run_name), **options.told}
    with variables_of(told):
        task = task_of(record) if action is None else _task_of_action(record, action)
    recorded = decode_arguments(record.arguments if action is None else action.inputs)
    told.pop("recover", None)
    if recover:
        told |= {"recover": run_name, "force_rerun_actions": list(force_rerun_actions or ())}
    arguments = task.interface.bind((), {**recorded, **inputs})
    return start(task, arguments, replace(options, told=told))


def _action(store: Store, record: RunRecord, said: str) -> ActionRecord:
    found = [
        action
        for action in store.actions(record.name)
        if action.kind == "task" and show_digest(action.id).startswith(said)
    ]
    if len(found) != 1:
        what = "several actions" if found else "no action"
        raise ActionNotFoundError(f"run `{record.name}` has {what} whose id starts with `{said}`")
    return found[0]


def _task_of_action(record: RunRecord, action: ActionRecord) -> Task[..., Any]:
    from flyte._environment import environments  # noqa: PLC0415 - after the program is loaded

    tasks = tasks_of(load_module(Path(record.source))) if record.source else {}
    known = {name: task for each in environments().values() for name, task in each.tasks.items()}
    found = tasks.get(action.task) or known.get(action.task)
    if found is None:
        raise InitializationError(f"{record.source} has no task `{action.task}` any more")
    return found
