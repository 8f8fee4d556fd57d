"""`flyte`: the verbs, and what stands before them. A verb's module is loaded when it is used."""

from __future__ import annotations

import importlib
from pathlib import Path

import click

import flyte as package
from flyte.cli.exits import CommandError
from flyte.cli.output import output_option
from flyte.errors import InitializationError

_VERBS = {
    "abort": ("flyte.cli.abort", "End what is running."),
    "deploy": ("flyte.cli.deploy", "Make a file's tasks known."),
    "gc": ("flyte.cli.gc", "Make room in the store."),
    "get": ("flyte.cli.get", "Show what the store has recorded."),
    "rerun": ("flyte.cli.rerun", "Run a recorded run's task again, as a new run."),
    "resume": ("flyte.cli.run", "Take up an interrupted run where its records end."),
    "run": ("flyte.cli.run", "Run a task of a Python file, or by a plan, and wait for it."),
    "signal": ("flyte.cli.signal", "Answer what a task waits for."),
}
"""Where each verb is, and its first line of help: so that `--help` loads none."""


class _LazyVerbs(click.Group):
    """A group whose commands are imported one by one, as they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _VERBS:
            return None
        command = getattr(importlib.import_module(_VERBS[cmd_name][0]), cmd_name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, words) in _VERBS.items()])


@click.group(cls=_LazyVerbs, context_settings={"help_option_names": ["-h", "--help"]})
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
