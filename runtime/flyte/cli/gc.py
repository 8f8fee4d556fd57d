"""`flyte gc`: make room in the store."""

from __future__ import annotations

import time
from dataclasses import asdict

import click

from flyte.cli.exits import FAILED, CommandError
from flyte.cli.output import output_option, print_json, wants_json

_DAY = 86400.0


@click.command()
@click.option("--dry-run", is_flag=True, help="Say what would go, and leave it.")
@click.option(
    "--older-than",
    type=click.FloatRange(min=0),
    metavar="DAYS",
    help="Runs that ended before that, too; what the cache holds of them stays.",
)
@output_option
@click.pass_context
def gc(context: click.Context, dry_run: bool, older_than: float | None) -> None:
    """Delete values that no record names, and old runs where asked to.

    Values are set aside first, and deleted by the next `flyte gc` after an hour.
    """
    from flyte._config import store_folder  # noqa: PLC0415 - the engine, once it is needed
    from flyte._journal import StoreError  # noqa: PLC0415 - the same
    from flyte._journal.collect import collect  # noqa: PLC0415 - the same

    folder = store_folder()
    if not (folder / "journal.db").is_file():
        raise CommandError(f"there is no store at `{folder}`", code=FAILED)
    before = None if older_than is None else time.time() - older_than * _DAY
    try:
        done = collect(folder, ended_before=before, dry_run=dry_run)
    except StoreError as error:
        raise CommandError(str(error), code=FAILED) from None
    if wants_json(context):
        print_json({"dry_run": dry_run, **asdict(done), "runs": list(done.runs)})
        return
    would = "would be " if dry_run else ""
    for run in done.runs:
        click.echo(f"run `{run}` {would}deleted")
    click.echo(f"{done.set_aside} values {would}set aside")
    click.echo(f"{done.deleted} values {would}deleted, {done.bytes_freed} bytes")
    if done.put_back:
        click.echo(f"{done.put_back} values {would}put back: a record names them")
