"""`flyte rerun`: a recorded run again, as a new run."""

from __future__ import annotations

from collections.abc import Sequence

import click

from flyte.cli.ending import drive
from flyte.cli.exits import CommandError
from flyte.cli.output import output_option
from flyte.cli.progress import listener
from flyte.cli.task_options import read_given
from flyte.errors import InitializationError


@click.command(context_settings={"ignore_unknown_options": True}, options_metavar="[OPTIONS]")
@click.option("--recover", is_flag=True, help="Reuse what succeeded, where code and inputs agree.")
@click.option(
    "--force-rerun-action",
    "forced",
    multiple=True,
    metavar="ACTION",
    help="With --recover: this one runs again, by its id or its task.",
)
@click.option("--name", metavar="ID", help="The new run's name.")
@click.option("--no-progress", is_flag=True, help="Don't tell how the run goes on.")
@output_option
@click.argument("run", metavar="RUN")
@click.argument("words", nargs=-1, type=click.UNPROCESSED, metavar="[--param value ...]")
@click.pass_context
def rerun(  # noqa: PLR0917 - one for each option
    context: click.Context,
    run: str,
    recover: bool,
    forced: Sequence[str],
    name: str | None,
    no_progress: bool,
    words: Sequence[str],
) -> None:
    """Run a recorded run's task again, with the same inputs but for those given."""
    from flyte._rerun import rerun_task, start_again  # noqa: PLC0415 - once it is needed
    from flyte._run import RunOptions, new_run_name  # noqa: PLC0415 - the same

    if forced and not recover:
        raise CommandError("`--force-rerun-action` says what `--recover` leaves out; say both")
    try:
        task = rerun_task(run)
    except InitializationError as error:
        raise CommandError(str(error)) from None
    inputs = read_given(task, f"flyte rerun {run}", words, context)
    display = listener(no_progress=no_progress)
    options = RunOptions(name=new_run_name() if name is None else name, listener=display)
    assert options.name is not None
    drive(
        context,
        options.name,
        lambda: start_again(
            run, options, inputs, recover=recover, force_rerun_actions=list(forced)
        ),
        display,
    )
