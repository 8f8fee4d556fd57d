"""One run driven to its end by this process: its lease, its engine, its logs, its abort."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from flyte._custom_context import CUSTOM_CONTEXT
from flyte._ended_run import Run
from flyte._engine.calls import Call
from flyte._engine.engine import engine
from flyte._engine.events import Listener
from flyte._engine.outcomes import open_outcome
from flyte._engine.plans import PlannedProgram
from flyte._engine.run import RunExecution
from flyte._engine.values import Snapshot
from flyte._journal import Durability, Outcome, RunRecord, Store, StoreError
from flyte._journal.lease import RunHeldError
from flyte._logs import kept_logs
from flyte._recover import recovering
from flyte._run_folder import abort_file, read_json, run_folder
from flyte._task import Task
from flyte.errors import ActionAbortedError, InitializationError, RuntimeSystemError
from flyte_plan.identity import root_action_id

_LOOK = 0.25
"""Seconds between two looks at whether the run was aborted."""


@dataclass(frozen=True, slots=True)
class Drive:
    """A run about to be driven."""

    journal: Store
    record: RunRecord
    task: Task[..., Any]
    inputs: Snapshot
    listener: Listener | None
    told: Mapping[str, Any] = field(default_factory=dict)

    @property
    def folder(self) -> Path | None:
        """The run's folder; None for a run in memory."""
        is_in_memory = self.record.durability == Durability.MEMORY.value
        return None if is_in_memory else run_folder(self.record.name)


def drive_run(drive: Drive) -> Run[Any]:
    """Drive a run to its end; closes the journal.

    Raises:
        InitializationError: another process drives it.
        RuntimeSystemError: the journal can't be written.
        ActionAbortedError: somebody ended it.
        BaseException: the root task's error.
    """
    began = time.monotonic()
    with closing(drive.journal):
        try:
            lease = drive.journal.lease(drive.record.name)
        except RunHeldError:
            raise InitializationError(f"another process drives run `{drive.record.name}`") from None
        try:
            execution, outcome = _drive_held(drive)
        except StoreError as error:
            raise RuntimeSystemError("StoreError", str(error)) from error
        finally:
            if lease is not None:
                lease.release()
    seconds = time.monotonic() - began
    run = Run[Any](drive.record, drive.task, outcome, execution.counts, seconds)
    if outcome.kind == "error":
        _raise(run, outcome)
    return run


def _drive_held(drive: Drive) -> tuple[RunExecution, Outcome]:
    name = drive.record.name
    if drive.folder is not None:
        abort_file(name).unlink(missing_ok=True)
    if drive.record.phase == "aborted":
        drive.journal.end_run(name, "running")
    logs = None if drive.folder is None else drive.folder / "logs"
    try:
        with kept_logs(name, logs), variables_of(drive.told):
            execution, outcome = _execute(drive)
    except ActionAbortedError:
        drive.journal.end_run(name, "aborted")
        raise
    phase = "succeeded" if outcome.kind == "value" else "failed"
    drive.journal.end_run(name, cast(Any, phase))
    return execution, outcome


def _execute(drive: Drive) -> tuple[RunExecution, Outcome]:
    history, damaged = drive.journal.history(drive.record.name)
    if history.actions:
        drive.journal.resume_run(drive.record.name)
    execution = RunExecution(
        engine(),
        drive.journal,
        drive.record,
        history,
        program=_program(drive.record),
        listener=drive.listener,
    )
    _tell(execution, drive)
    root = Call(
        id=root_action_id(drive.record.name), kind="task", target=drive.task, inputs=drive.inputs,
        group=None, slot="", file=drive.record.source, line=0,
    )  # fmt: skip
    for action in damaged:
        execution.warn(action, history.actions[action].task, "its record is damaged; it runs again")
    execution.post(execution.begin, root)
    try:
        outcome = _wait(drive, execution)
    except KeyboardInterrupt as interrupt:
        execution.post(execution.stop, interrupt)
        raise
    recorded = history.actions.get(root.id)
    if recorded is not None and recorded.outcome is not None:
        execution.counts.replayed = len(history.actions)
    return execution, outcome


def _tell(execution: RunExecution, drive: Drive) -> None:
    told = drive.told
    words = told.get("custom_context")
    if words:
        execution.base_context.run(CUSTOM_CONTEXT.set, dict(words))
    execution.reuse = recovering(execution.reuse, told, drive.journal)


def _wait(drive: Drive, execution: RunExecution) -> Outcome:
    while True:
        try:
            return execution.result.result(_LOOK)
        except TimeoutError:
            if execution.result.done():
                return execution.result.result()
            if drive.folder is not None and (drive.folder / "aborted").exists():
                execution.post(execution.stop, _aborted(drive.record.name))


def _aborted(name: str) -> ActionAbortedError:
    reason = (read_json(abort_file(name)) or {}).get("reason")
    return ActionAbortedError(f"run `{name}` was aborted{f': {reason}' if reason else ''}")


@contextmanager
def variables_of(told: Mapping[str, Any]) -> Iterator[None]:
    """This process's environment, with a run's own variables besides, inside the block."""
    variables: Mapping[str, str] = told.get("env_vars") or {}
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _raise(run: Run[Any], outcome: Outcome) -> None:
    try:
        open_outcome(outcome)
    except BaseException as error:
        vars(error)["run"] = run
        raise


def _program(record: RunRecord) -> PlannedProgram | None:
    from flyte_plan.modules import module_root  # noqa: PLC0415 - needed for plans alone

    if record.plan is None:
        return None
    source = Path(record.source)
    return PlannedProgram.read(record.plan, source, module_root(source))
