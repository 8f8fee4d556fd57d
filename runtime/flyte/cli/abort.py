"""`flyte abort run`: end a run, whichever process drives it."""

from __future__ import annotations

import time

import click

from flyte.cli.exits import FAILED, CommandError
from flyte.cli.output import output_option, print_json, wants_json
from flyte.cli.recorded import find_run, opened

_PATIENCE = 10.0
"""Seconds in which the process that drives the run has to notice."""


@click.group()
@output_option
def abort() -> None:
    """End what is running."""


@abort.command("run")
@click.option("--reason", default="", metavar="TEXT", help="Why; the run's own process says it.")
@output_option
@click.argument("name", metavar="RUN")
@click.pass_context
def abort_run(context: click.Context, name: str, reason: str) -> None:
    """End a run. What is recorded stays, and `flyte resume` takes it up again."""
    from flyte._ended_run import abort_run as end  # noqa: PLC0415 - the engine, once it is needed

    with opened() as store:
        record = find_run(store, name)
    if not end(name, reason):
        raise CommandError(f"run `{name}` has ended already: {record.phase}", code=FAILED)
    phase = _wait(name, reason)
    if wants_json(context):
        print_json({"run": name, "phase": phase})
    else:
        click.echo(f"run `{name}`: {phase}")


def _wait(name: str, reason: str) -> str:
    from flyte._ended_run import abort_run as end  # noqa: PLC0415 - as above

    until = time.monotonic() + _PATIENCE
    while True:
        with opened() as store:
            record = find_run(store, name)
        if record.phase != "running":
            return record.phase
        if not record.alive:  # its process died before it noticed
            end(name, reason)
            continue
        if time.monotonic() > until:
            return "running; its process hasn't noticed yet"
        time.sleep(0.1)
