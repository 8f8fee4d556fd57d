"""Starting a task as a run, and taking a run up again.

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
from dataclasses import replace
from typing import Any, ParamSpec, TypeVar

from flyte._context import CURRENT_DRIVER
from flyte._driving import Drive, drive_run, variables_of
from flyte._ended_run import Run
from flyte._engine.events import Listener
from flyte._engine.values import Snapshot, decode_arguments, snapshot
from flyte._journal import Durability, RunRecord, Store, StoreError
from flyte._recorded import find_run, open_journal, opened_store, task_of
from flyte._run_options import RunOptions, told_to
from flyte._task import Task
from flyte.errors import InitializationError
from flyte_plan.digest import show_digest

P = ParamSpec("P")
R = TypeVar("R")


class Runner:
    """Called as `flyte.run(task, ...)`; from asynchronous code as `await flyte.run.aio(...)`."""

    def __init__(self, options: RunOptions) -> None:
        self._options = options

    def __call__(self, task: Task[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Run[R]:
        """Run `task` to its end.

        Works in a script, in a running event loop and in a notebook.

        Raises:
            TypeError: no task, or arguments that don't fit it.
            BaseException: the task's error, after it was recorded.
        """
        checked = _checked(task)
        return start(checked, checked.interface.bind(args, kwargs), self._options)

    async def aio(self, task: Task[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Run[R]:
        """As `flyte.run(...)`, without blocking the running loop.

        Raises:
            TypeError: no task, or arguments that don't fit it.
            BaseException: the task's error, after it was recorded.
        """
        checked = _checked(task)
        arguments = checked.interface.bind(args, kwargs)
        return await asyncio.to_thread(start, checked, arguments, self._options)


_NAME = re.compile(r"\w[\w.-]{0,99}")
"""Safe in the name of a file: a run's lease is one."""


def check_run_name(name: str) -> None:
    """Raises InitializationError unless it can name a run."""
    if not _NAME.fullmatch(name):
        raise InitializationError(
            f"{name!r} can't name a run: a name is at most 100 letters, digits and `-._`, "
            "a letter or a digit first"
        )


def start(task: Task[..., Any], arguments: Mapping[str, object], options: RunOptions) -> Run[Any]:
    """Run `task` to its end; the run, or its error.

    A run of that name that is there already is the same run: it is taken up where its records
    end, and gives what it gave if it has ended.

    Raises:
        InitializationError: the run of that name is of another task or inputs, or was aborted,
            or another process drives it; or the store can't be used.
        NotCompilableError: a compiled task that is no graph.
        KeyboardInterrupt: Ctrl-C; the run can be resumed.
        BaseException: the task's error, after it was recorded.
    """
    _refuse_inside_a_task()
    if options.name is not None:
        check_run_name(options.name)
    inputs = snapshot(arguments)
    journal = open_journal(options.durability)
    known = None if options.name is None else journal.run(options.name)
    if known is None:
        try:
            record = _new_record(task, inputs, _compiled(task, options))
            options.keep(record.name)
            known = _create(journal, record)
        except BaseException:
            journal.close()
            raise
        if known is None:
            return drive_run(Drive(journal, record, task, inputs, options.listener, options.told))
    journal.close()
    return _take_up(known, task, inputs, options.listener)


def resume(name: str, *, listener: Listener | None = None) -> Run[Any]:
    """Take up an interrupted run; a finished one gives what it gave, and executes nothing.

    Raises:
        InitializationError: no such run, or another process drives it.
        ReplayDivergenceError: the program takes other decisions; nothing new was started.
        BaseException: the task's error.
    """
    _refuse_inside_a_task()
    with opened_store() as store:
        record = find_run(store, name)
    with variables_of(told_to(name)):  # a program may read them while it is loaded
        task = task_of(record)
    return _again(record, task, listener)


def new_run_name() -> str:
    """A name that no other run has: `r` and 16 characters."""
    return "r" + show_digest(secrets.token_bytes(10))


def _create(journal: Store, record: RunRecord) -> RunRecord | None:
    """Record a new run; the record of the run that was there first, if one was."""
    try:
        journal.create_run(record)
    except StoreError as error:
        there = journal.run(record.name)
        if there is None:
            raise InitializationError(str(error)) from error
        return there
    return None


def _take_up(
    record: RunRecord, task: Task[..., Any], inputs: Snapshot, listener: Listener | None
) -> Run[Any]:
    named = f"a run named `{record.name}` is there already"
    hint = "give this one another name"
    if record.task != task.name:
        raise InitializationError(f"{named}, of task `{record.task}`; {hint}")
    if snapshot(decode_arguments(record.arguments)).digest != inputs.digest:
        raise InitializationError(f"{named}, with other inputs; {hint}")
    if record.phase == "aborted":
        raise InitializationError(
            f"{named}, and was aborted; `flyte resume {record.name}` takes it up, or {hint}"
        )
    return _again(record, task, listener)


def _again(record: RunRecord, task: Task[..., Any], listener: Listener | None) -> Run[Any]:
    inputs = snapshot(decode_arguments(record.arguments))
    journal = open_journal(Durability(record.durability))
    return drive_run(Drive(journal, record, task, inputs, listener, told_to(record.name)))


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


def _checked(task: object) -> Task[..., Any]:
    if isinstance(task, Task):
        return task
    local = getattr(task, "local_task", None)  # a deployed task's reference
    if local is not None:
        found = local()
        assert isinstance(found, Task)
        return found
    raise TypeError(f"`flyte.run` takes a task, not {type(task).__name__} objects")
