"""`flyte deploy`: make a file's tasks known."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from flyte.cli.exits import FAILED, CommandError, note
from flyte.cli.loading import load_tasks
from flyte.cli.output import output_option, print_json, print_table, wants_json
from flyte.errors import DeploymentError

if TYPE_CHECKING:
    from flyte._deploy import Deployment

_COLUMNS = ("environment", "task", "version", "interface")


@click.command()
@click.option("--version", metavar="V", help="By default made from the tasks' code.")
@click.option("--dry-run", is_flag=True, help="Check and show; nothing becomes known.")
@output_option
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@click.pass_context
def deploy(context: click.Context, file: Path, version: str | None, dry_run: bool) -> None:
    """Check the environments of FILE, and make their tasks known on this machine.

    `flyte.remote.Task.get` finds them then. The code isn't copied: FILE is run as it is.
    """
    from flyte._deploy import deploy as deploy_environments  # noqa: PLC0415 - once it is needed
    from flyte._environment import environments  # noqa: PLC0415 - the program's

    tasks = load_tasks(file).values()
    held = {task.environment.name: task.environment for task in tasks if task.has_environment}
    found = tuple({**held, **environments()}.values())
    if not found:
        raise CommandError(f"`{file}` has no environments")
    try:
        deployments = deploy_environments(*found, dry_run=dry_run, version=version)
    except DeploymentError as error:
        raise CommandError(str(error), code=FAILED) from None
    rows = _rows(deployments)
    if wants_json(context):
        print_json(rows)
    else:
        print_table(_COLUMNS, rows)
    if not dry_run:
        note(f"{len(rows)} tasks are known on this machine")


def _rows(deployments: list[Deployment]) -> list[dict[str, object]]:
    seen: dict[str, dict[str, object]] = {}
    for deployment in deployments:
        for name, deployed in deployment.envs.items():
            for task in deployed.deployed_entities:
                seen[task.name] = {
                    "environment": name,
                    "task": task.name,
                    "version": task.version,
                    "interface": task.task.interface.describe(),
                    "triggers": [each.name for each in task.task.options.triggers],
                }
    return list(seen.values())
