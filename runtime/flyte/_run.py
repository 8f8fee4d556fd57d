"""`flyte.run`: start a task as a run, and the `Run` that it gives.

A run goes on in this process, on the engine's thread, until its root task ends; every outcome is
recorded before it is used. If the process dies, `resume` takes the run up where its records end.
"""

from __future__ import annotations

import asyncio
import platform
import re
import secrets
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

from flyte._config import store_folder
from flyte._context import CURRENT_DRIVER
from flyte._ended_run import ActionOutputs, Run
from flyte._engine.calls import Call
from flyte._engine.engine import engine
from flyte._engine.events import Listener
from flyte._engine.outcomes import open_outcome
from flyte._engine.plans import PlannedProgram
from flyte._engine.run import RunExecution
from flyte._engine.values import Snapshot, decode_arguments, snapshot
from flyte._journal import Durability, Outcome, RunRecord, Store, StoreError, open_store
from flyte._journal.lease import RunHeldError
from flyte._load import load_module, tasks_of
from flyte._task import Task
from flyte.errors import InitializationError, RuntimeSystemError
from flyte_plan.digest import show_digest
from flyte_plan.identity import root_action_id

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """How a run is made."""

    name: str | None = None
    durability: Durability = Durability.FAST
    executor: str = "auto"
    workers: int | None = None
    plan: bytes | None = None
    source: Path | None = None
    """Of a plan: the file that it was made from."""
    listener: Listener | None = field(default=None, repr=False)


class _Runner:
    """Called as `flyte.run(task, ...)`; from asynchronous code as `await flyte.run.aio(...)`."""

    def __call__(self, task: Task[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Run[R]:
        """Run `task` to its end.

        Works in a script, in a running event loop and in a notebook.

        Raises:
            TypeError: no task, or arguments that don't fit it.
            BaseException: the task's error, after it was recorded.
        """
        checked = _checked(task)
        return start(checked, checked.interface.bind(args, kwargs), RunOptions())

    async def aio(self, task: Task[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Run[R]:
        """As `flyte.run(...)`, without blocking the running loop.

        Raises:
            TypeError: no task, or arguments that don't fit it.
            BaseException: the task's error, after it was recorded.
        """
        checked = _checked(task)
        arguments = checked.interface.bind(args, kwargs)
        return await asyncio.to_thread(start, checked, arguments, RunOptions())


run = _Runner()

_NAME = re.compile(r"\w[\w.-]{0,99}")
"""Safe in the name of a file: a run's lease is one."""


def start(task: Task[..., Any], arguments: Mapping[str, object], options: RunOptions) -> Run[Any]:
    """Run `task` to its end; the run, or its error.

    Raises:
        InitializationError: a run of that name is there, or the store can't be used.
        NotCompilableError: a compiled task that is no graph.
        KeyboardInterrupt: Ctrl-C; the run can be resumed.
        BaseException: the task's error, after it was recorded.
    """
    _refuse_inside_a_task()
    if options.name is not None and not _NAME.fullmatch(options.name):
        raise InitializationError(
            f"{options.name!r} can't name a run: a name is at most 100 letters, digits and `-._`, "
            "a letter or a digit first"
        )
    options = _compiled(task, options)
    inputs = snapshot(arguments)
    record = _new_record(task, inputs, options)
    journal = _open(options.durability)
    try:
        journal.create_run(record)
    except StoreError as error:
        journal.close()
        raise InitializationError(str(error)) from error
    return _drive(_Drive(journal, record, task, inputs, options.listener))


def resume(name: str, *, listener: Listener | None = None) -> Run[Any]:
    """Take up an interrupted run; a finished one gives what it gave, and executes nothing.

    Raises:
        InitializationError: no such run, or another process drives it.
        ReplayDivergenceError: the program takes other decisions; nothing new was started.
        BaseException: the task's error.
    """
    _refuse_inside_a_task()
    with closing(_open(Durability.FAST)) as store:
        record = store.run(name)
    if record is None:
        raise InitializationError(f"no run named `{name}` in {store_folder()}")
    task = _task_of(record)
    inputs = snapshot(decode_arguments(record.arguments))
    journal = _open(Durability(record.durability))
    return _drive(_Drive(journal, record, task, inputs, listener))


@dataclass(frozen=True, slots=True)
class _Drive:
    """A run about to be driven."""

    journal: Store
    record: RunRecord
    task: Task[..., Any]
    inputs: Snapshot
    listener: Listener | None


def _drive(drive: _Drive) -> Run[Any]:
    began = time.monotonic()
    with closing(drive.journal):
        try:
            lease = drive.journal.lease(drive.record.name)
        except RunHeldError:
            raise InitializationError(f"another process drives run `{drive.record.name}`") from None
        try:
            execution, outcome = _execute(drive)
            phase = "succeeded" if outcome.kind == "value" else "failed"
            drive.journal.end_run(drive.record.name, cast(Any, phase))
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


def _execute(drive: _Drive) -> tuple[RunExecution, Outcome]:
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
    root = Call(
        id=root_action_id(drive.record.name), kind="task", target=drive.task, inputs=drive.inputs,
        group=None, slot="", file=drive.record.source, line=0,
    )  # fmt: skip
    for action in damaged:
        execution.warn(action, history.actions[action].task, "its record is damaged; it runs again")
    execution.post(execution.begin, root)
    try:
        outcome = execution.result.result()
    except KeyboardInterrupt as interrupt:
        execution.post(execution.stop, interrupt)
        raise
    recorded = history.actions.get(root.id)
    if recorded is not None and recorded.outcome is not None:
        execution.counts.replayed = len(history.actions)
    return execution, outcome


def _compiled(task: Task[..., Any], options: RunOptions) -> RunOptions:
    """A compiled task follows a plan, made now where none was given."""
    if task.kind == "task" or options.plan is not None:
        return options
    from flyte._engine.compiler import plan_of  # noqa: PLC0415 - needed for compiled tasks alone

    plan, source = plan_of(task)
    return replace(options, plan=plan, source=source)


def _refuse_inside_a_task() -> None:
    if CURRENT_DRIVER.get() is not None:
        raise RuntimeError(
            "`flyte.run` inside a task: call the task itself, and it runs as an action of this run"
        )


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


def _new_record(task: Task[..., Any], inputs: Snapshot, options: RunOptions) -> RunRecord:
    source = options.source or task.source_file
    return RunRecord(
        name=options.name or new_run_name(),
        task=task.name,
        source="" if source is None else str(source.resolve()),
        mode="dynamic" if options.plan is None else "compiled",
        plan=options.plan,
        arguments=inputs.stored,
        python=".".join(platform.python_version_tuple()[:2]),
        durability=options.durability.value,
        executor=options.executor,
        workers=options.workers,
        phase="running",
        created=time.time(),
        resumed=None,
        ended=None,
    )


def new_run_name() -> str:
    """A name that no other run has: `r` and 16 characters."""
    return "r" + show_digest(secrets.token_bytes(10))


def _open(durability: Durability) -> Store:
    try:
        return open_store(store_folder(), durability)
    except StoreError as error:
        raise InitializationError(str(error)) from error


def _task_of(record: RunRecord) -> Task[..., Any]:
    if not record.source or not Path(record.source).is_file():
        raise InitializationError(
            f"run `{record.name}` can't be resumed: its source "
            f"{record.source or '(a notebook or a shell)'} is not there"
        )
    tasks = tasks_of(load_module(Path(record.source)))
    if record.task not in tasks:
        raise InitializationError(f"{record.source} has no task `{record.task}` any more")
    return tasks[record.task]


def _checked(task: object) -> Task[..., Any]:
    if not isinstance(task, Task):
        raise TypeError(f"`flyte.run` takes a task, not {type(task).__name__} objects")
    return task


__all__ = ["ActionOutputs", "Run", "RunOptions", "resume", "run", "start"]
