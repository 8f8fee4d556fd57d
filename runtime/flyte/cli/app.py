"""`flyte`: the verbs, and what stands before them."""

from __future__ import annotations

from pathlib import Path

import click

import flyte as package
from flyte.cli.exits import CommandError
from flyte.cli.get import get
from flyte.cli.output import output_option
from flyte.cli.run import resume, run
from flyte.errors import InitializationError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package.__version__, prog_name="flyte")
@click.option(
    "-c",
    "--config",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The configuration file; by default the usual places are looked at.",
)
@output_option
def flyte(config: Path | None) -> None:
    """Run tasks durably, and look at what they did."""
    try:
        package.init_from_config(config)
    except InitializationError as error:
        raise CommandError(str(error)) from None


flyte.add_command(run)
flyte.add_command(resume)
flyte.add_command(get)
