"""`flyte-compile [OPTIONS] PATH...`: the options, and nothing that needs a phase to be loaded."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from flyte_compiler.cli.options import Options
from flyte_compiler.diagnostics.select import Selection, Selector, parse_selectors
from flyte_compiler.phase import Phase
from flyte_compiler.rules.catalogue import catalogue

PHASES = tuple(phase.value for phase in Phase)
FORMATS = ("full", "concise", "json")


if TYPE_CHECKING:
    SelectorsType = click.ParamType[tuple[Selector, ...]]
else:  # not generic before click 8.4
    SelectorsType = click.ParamType


class Selectors(SelectorsType):
    """A list of codes, prefixes and names."""

    name = "codes"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[Selector, ...]:
        """The words of one list; click's own error for an unknown one."""
        try:
            return parse_selectors(value, catalogue())
        except ValueError as error:
            self.fail(str(error), param, ctx)


EPILOG = "`flyte-compile explain CODE` prints the page of a rule."
EXISTING = click.Path(exists=True, path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)
FILE = click.Path(dir_okay=False, path_type=Path)


@click.command(epilog=EPILOG)
@click.argument("paths", nargs=-1, required=True, type=EXISTING, metavar="PATH...")
@click.option("--task", "tasks", multiple=True, metavar="NAME", help="Only this task (repeatable).")
@click.option("-o", "--output", type=FOLDER, metavar="DIR", help="Write the plan of each module.")
@click.option("--graph", "picture", type=FILE, metavar="FILE", help="Draw; the suffix says how.")
@click.option("--format", "format_", type=click.Choice(FORMATS), default="full", show_default=True)
@click.option("--select", multiple=True, type=Selectors(), help="Only these: FC302, FC6, a name.")
@click.option("--ignore", multiple=True, type=Selectors(), help="Not these.")
@click.option("--notes", is_flag=True, help="Show notes, too.")
@click.option("--warnings-as-errors", is_flag=True, help="A warning is an error.")
@click.option(
    "--print", "shown_phase", type=click.Choice(PHASES), help="A phase's text form, not the report."
)
@click.option("--stop-after", type=click.Choice(PHASES), help="Run the later phases not at all.")
@click.version_option(package_name="flyte-compile", message="%(prog)s %(version)s")
def check(
    *,
    paths: tuple[Path, ...],
    tasks: tuple[str, ...],
    output: Path | None,
    picture: Path | None,
    format_: str,
    select: tuple[tuple[Selector, ...], ...],
    ignore: tuple[tuple[Selector, ...], ...],
    notes: bool,
    warnings_as_errors: bool,
    shown_phase: str | None,
    stop_after: str | None,
) -> None:
    """Check and compile every task in files and folders, without running any of their code."""
    options = Options(
        paths=paths,
        tasks=tasks,
        output=output,
        picture=picture,
        format=format_,
        selection=Selection(select=_joined(select), ignore=_joined(ignore)),
        notes=notes,
        warnings_as_errors=warnings_as_errors,
        shown_phase=None if shown_phase is None else Phase(shown_phase),
        last_phase=Phase.PLAN if stop_after is None else Phase(stop_after),
    )
    _refuse_unreached(options)
    from flyte_compiler.cli.work import run_check  # noqa: PLC0415 - keeps `--help` light

    sys.exit(run_check(options))


def _joined(lists: Iterable[tuple[Selector, ...]]) -> tuple[Selector, ...]:
    return tuple(selector for each in lists for selector in each)


def _refuse_unreached(options: Options) -> None:
    """What is asked for must come before the last phase that runs."""
    last = options.last_phase
    wanted = {
        "--print": options.shown_phase,
        "--output": Phase.PLAN if options.output else None,
        "--graph": Phase.GRAPH if options.picture else None,
    }
    for name, phase in wanted.items():
        if phase is not None and not last.includes(phase):
            raise click.UsageError(
                f"`{name}` needs the phase `{phase.value}`, and `--stop-after {last.value}` ends "
                "before it"
            )
