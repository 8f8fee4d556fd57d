"""`flyte run` and `flyte resume`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from flyte._task import Task
from flyte.cli.ending import drive
from flyte.cli.exits import CommandError
from flyte.cli.loading import Tasks, find_task, listed_tasks, load_tasks
from flyte.cli.output import output_option
from flyte.cli.progress import listener
from flyte.cli.task_options import read_arguments

_EXECUTORS = ("auto", "inline", "thread", "process", "ray")
_NOT_YET = ("ray",)
_OPTIONS_FIRST = {"allow_interspersed_args": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Program:
    """What is run: tasks of a file, by a plan or not."""

    tasks: Tasks
    file: Path
    """What the user named: the file, or the plan."""
    plan: bytes | None
    source: Path | None
    """Of a plan: the file that it was made from."""


@click.command(context_settings=_OPTIONS_FIRST, options_metavar="[OPTIONS]")
@click.option("--name", metavar="ID", help="The run's name; by default a new one.")
@click.option("--executor", type=click.Choice(_EXECUTORS), default="auto", show_default=True)
@click.option(
    "--durability",
    type=click.Choice(("fast", "safe", "memory")),
    default="fast",
    show_default=True,
    help="What survives: a killed process, a power cut too, nothing.",
)
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    metavar="N",
    help="Worker processes, and threads, at once.",
)
@click.option("--no-progress", is_flag=True, help="Don't tell how the run goes on.")
@click.option(
    "-e", "--env", "variables", multiple=True, metavar="KEY=VALUE", help="Set a variable first."
)
@click.option(
    "--source",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Where the source of a plan lies.",
)
@output_option
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE|PLAN")
@click.argument("task", required=False)
@click.argument("words", nargs=-1, type=click.UNPROCESSED, metavar="[--param value ...]")
@click.pass_context
def run(  # noqa: PLR0917 - one for each option
    context: click.Context,
    name: str | None,
    executor: str,
    durability: str,
    workers: int | None,
    no_progress: bool,
    variables: Sequence[str],
    source: Path | None,
    file: Path,
    task: str | None,
    words: Sequence[str],
) -> None:
    """Run a task of a Python file, or by a plan, and wait for it.

    TASK is `function`, or `environment.function`. Its parameters are options: those of `flyte run`
    itself stand before FILE. `flyte run FILE TASK --help` lists them.
    """
    if executor in _NOT_YET:
        raise CommandError(
            f"executor `{executor}` is not available in this version: `auto`, `inline`, `thread` "
            "and `process` are"
        )
    said = dict(_variable(variable) for variable in variables)
    os.environ.update(said)  # before the program is loaded; a resumed run sets them again
    program = _program(file, source)
    chosen = _choose(program, file, task)
    arguments = read_arguments(chosen, file, words, context)

    from flyte._journal import Durability  # noqa: PLC0415 - the engine, once it is needed
    from flyte._run import RunOptions, new_run_name, start  # noqa: PLC0415 - the same

    display = listener(no_progress=no_progress)
    options = RunOptions(
        name=new_run_name() if name is None else name,
        durability=Durability(durability),
        executor=executor,
        workers=workers,
        plan=program.plan,
        source=program.source,
        told={"env_vars": said} if said else {},
        listener=display,
    )
    assert options.name is not None
    drive(context, options.name, lambda: start(chosen, arguments, options), display)


@click.command()
@click.option("--no-progress", is_flag=True, help="Don't tell how the run goes on.")
@output_option
@click.argument("name", metavar="RUN")
@click.pass_context
def resume(context: click.Context, name: str, no_progress: bool) -> None:
    """Take up an interrupted run where its records end.

    A finished run gives what it gave, and executes nothing.
    """
    from flyte._run import resume as resume_run  # noqa: PLC0415 - the engine, once it is needed

    display = listener(no_progress=no_progress)
    drive(context, name, lambda: resume_run(name, listener=display), display)


def _variable(said: str) -> tuple[str, str]:
    key, equals, value = said.partition("=")
    if not key or not equals:
        raise CommandError(f"`-e` is `KEY=VALUE`, not {said!r}")
    return key, value


def _program(file: Path, source: Path | None) -> _Program:
    if file.suffix == ".json":
        from flyte.cli.plans import planned_names, source_of_plan  # noqa: PLC0415 - needed for plans alone

        data, found = source_of_plan(file, source)
        planned = planned_names(data)
        tasks = {name: task for name, task in load_tasks(found).items() if name in planned}
        return _Program(tasks=tasks, file=file, plan=data, source=found)
    return _Program(tasks=load_tasks(file), file=file, plan=None, source=None)


def _choose(program: _Program, file: Path, name: str | None) -> Task[..., Any]:
    if name is None:
        raise CommandError(f"say which task of `{file}` to run\n{listed_tasks(program.tasks)}")
    if name.startswith("-"):
        raise CommandError(
            f"`{name}` stands where a task's name is expected: options of `flyte run` go before "
            f"`{file}`, those of the task after its name"
        )
    return find_task(program.tasks, name, program.file)
