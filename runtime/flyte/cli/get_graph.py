"""`flyte get graph`: the plan that a run follows, drawn by the compiler."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click

from flyte.cli.exits import FAILED, CommandError, note
from flyte.cli.output import output_option, print_json, wants_json
from flyte.cli.recorded import find_run, opened

_COMMAND = "flyte-compile"


@click.command("graph")
@click.option(
    "-o",
    "--output",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="By its suffix: .svg .png .pdf .dot .mmd .html .json; by default RUN.svg.",
)
@output_option
@click.argument("name", metavar="RUN")
@click.pass_context
def get_graph(context: click.Context, name: str, file: Path | None) -> None:
    """Draw the plan of a compiled run."""
    with opened() as store:
        run = find_run(store, name)
    if run.plan is None:
        raise CommandError(
            f"run `{name}` has no plan: its driver runs as Python; `flyte get action {name}` shows "
            "what it called",
            code=FAILED,
        )
    place = Path(f"{name}.svg") if file is None else file
    _draw(run.source, run.task, place)
    if wants_json(context):
        print_json({"run": name, "task": run.task, "file": str(place)})
    else:
        note(f"wrote {place}")


def _draw(source: str, task: str, place: Path) -> None:
    from importlib.metadata import entry_points  # noqa: PLC0415 - only here

    found = entry_points(group="console_scripts", name=_COMMAND)
    if not found:
        raise CommandError(f"drawing needs `{_COMMAND}`, which is not installed", code=FAILED)
    module, _, function = next(iter(found)).value.partition(":")
    start = f"import sys; from {module} import {function}; sys.exit({function}())"
    command = [sys.executable, "-c", start, "--task", task, "--graph", str(place), source]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CommandError((done.stderr or done.stdout).strip(), code=FAILED)
