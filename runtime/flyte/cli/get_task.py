"""`flyte get task`: the tasks of recorded runs and deployed ones, and what is known of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from flyte._near import did_you_mean
from flyte._task import Task
from flyte.cli.exits import CommandError
from flyte.cli.loading import load_tasks
from flyte.cli.output import output_option, print_json, print_table, wants_json
from flyte.cli.recorded import calls_in, opened

_COLUMNS = ("task", "runs", "calls", "deployed", "interface", "source")


@click.command("task")
@output_option
@click.argument("name", metavar="[NAME]", required=False)
@click.pass_context
def get_task(context: click.Context, name: str | None) -> None:
    """The tasks of recorded runs and deployed ones, or one: its parameters, and its file."""
    rows = _rows()
    if name is not None:
        known = [said for row in rows for said in (row["task"], row["task"].rpartition(".")[2])]
        rows = [row for row in rows if name in (row["task"], row["task"].rpartition(".")[2])]
        if not rows:
            raise CommandError(f"no task `{name}` is known{did_you_mean(name, known)}")
    if wants_json(context):
        print_json(rows if name is None or len(rows) > 1 else rows[0])
    elif rows:
        print_table(_COLUMNS, rows)
    else:
        click.echo("no tasks yet: no run is recorded, and none is deployed", err=True)


def _rows() -> list[dict[str, Any]]:
    runs: Counter[str] = Counter()
    calls: Counter[str] = Counter()
    sources: dict[str, str] = {}
    from flyte._deployed import all_deployed  # noqa: PLC0415 - once it is needed

    with opened() as store:
        for run in store.runs():
            runs[run.task] += 1
            for action in calls_in(store.actions(run.name)):
                if action.kind == "task":
                    calls[action.task] += 1
                    sources[action.task] = run.source  # the latest run's
    versions = {each.task: each.version for each in all_deployed()}
    sources |= {each.task: each.source for each in all_deployed()}
    interfaces = _interfaces(set(sources.values()))
    return [
        {
            "task": task,
            "runs": runs[task],
            "calls": calls[task],
            "deployed": versions.get(task),
            "interface": interfaces.get(task, "?"),
            "source": sources[task],
        }
        for task in sorted(sources)
    ]


def _beside(task: Task[..., Any]) -> Iterable[tuple[str, Task[..., Any]]]:
    return task.environment.tasks.items() if task.has_environment else ((task.name, task),)


def _interfaces(files: set[str]) -> dict[str, str]:
    """As the programs have them now; a program that can't be loaded any more tells none."""
    found: dict[str, str] = {}
    for file in sorted(filter(None, files)):
        try:
            tasks = load_tasks(Path(file))
        except CommandError:
            continue
        for task in tasks.values():
            found |= {name: each.interface.describe() for name, each in _beside(task)}
    return found
