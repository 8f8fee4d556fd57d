"""`flyte-compile [OPTIONS] PATH...`: the options, and nothing that needs a phase to be loaded."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import click

from flyte_compiler.cli.options import (
    FORMATS,
    TARGETS,
    TYPE_SOURCES,
    Fixing,
    Request,
    Settings,
    settle,
)
from flyte_compiler.cli.selectors import Selectors
from flyte_compiler.diagnostics.select import Selector
from flyte_compiler.diagnostics.target import Target
from flyte_compiler.phase import Phase

PHASES = tuple(phase.value for phase in Phase)
EPILOG = "`flyte-compile explain CODE` prints the page of a rule."
EXISTING = click.Path(exists=True, path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)
FILE = click.Path(dir_okay=False, path_type=Path)


@click.command(epilog=EPILOG)
@click.argument("paths", nargs=-1, required=True, type=EXISTING, metavar="PATH...")
@click.option("--task", "tasks", multiple=True, metavar="NAME", help="Only this task (repeatable).")
@click.option("-o", "--output", type=FOLDER, metavar="DIR", help="Write the plan of each module.")
@click.option("--graph", "picture", type=FILE, metavar="FILE", help="Draw; the suffix says how.")
@click.option(
    "--format", "format_", type=click.Choice(FORMATS), help="Of the report; full by default."
)
@click.option("--select", multiple=True, type=Selectors(), help="Only these: FC302, FC6, a name.")
@click.option("--ignore", multiple=True, type=Selectors(), help="Not these.")
@click.option("--notes/--no-notes", default=None, help="Show notes, too.")
@click.option(
    "--warnings-as-errors/--no-warnings-as-errors", default=None, help="A warning is an error."
)
@click.option(
    "--target", type=click.Choice(TARGETS), help="What runs the programs; ours by default."
)
@click.option("--fix", is_flag=True, help="Put in safe fixes, then report what is left.")
@click.option("--diff", is_flag=True, help="Show safe fixes, not the report; change nothing.")
@click.option("--types", type=click.Choice(TYPE_SOURCES), help="Where types come from.")
@click.option(
    "--print", "shown_phase", type=click.Choice(PHASES), help="A phase's text form, not the report."
)
@click.option("--stop-after", type=click.Choice(PHASES), help="Run the later phases not at all.")
@click.option("--watch", is_flag=True, help="On each change, again.")
@click.option("--no-cache", is_flag=True, help="Neither use nor keep results in .flyte/cache.")
@click.version_option(package_name="flyte-compile", message="%(prog)s %(version)s")
def check(
    *,
    paths: tuple[Path, ...],
    tasks: tuple[str, ...],
    output: Path | None,
    picture: Path | None,
    format_: str | None,
    select: tuple[tuple[Selector, ...], ...],
    ignore: tuple[tuple[Selector, ...], ...],
    notes: bool | None,
    warnings_as_errors: bool | None,
    target: str | None,
    fix: bool,
    diff: bool,
    types: str | None,
    shown_phase: str | None,
    stop_after: str | None,
    watch: bool,
    no_cache: bool,
) -> None:
    """Check and compile every task in files and folders, without running any of their code."""
    request = Request(
        paths=paths,
        tasks=tasks,
        output=output,
        picture=picture,
        shown_phase=None if shown_phase is None else Phase(shown_phase),
        last_phase=Phase.PLAN if stop_after is None else Phase(stop_after),
        fixing=_fixing(fix=fix, diff=diff),
        with_cache=not no_cache,
        said=Settings(
            select=_joined(select),
            ignore=_joined(ignore),
            notes=notes,
            warnings_as_errors=warnings_as_errors,
            format=format_,
            target=None if target is None else Target(target),
            types=types,
        ),
    )
    _refuse_unreached(request)
    sys.exit(_watch(request) if watch else _check_once(request))


def _check_once(request: Request) -> int:
    from flyte_compiler.cli.beside import say_what_is_beside  # noqa: PLC0415 - keeps `--help` light
    from flyte_compiler.cli.configuration import configured  # noqa: PLC0415
    from flyte_compiler.cli.work import run_check  # noqa: PLC0415

    say_what_is_beside(request.paths[0])
    return run_check(settle(request, configured(request.paths))).exit_code


def _watch(request: Request) -> int:
    from flyte_compiler.cli.watch import watch  # noqa: PLC0415 - keeps `--help` light

    return watch(request)


def _fixing(*, fix: bool, diff: bool) -> Fixing:
    if fix and diff:
        raise click.UsageError("`--fix` puts fixes in and `--diff` only shows them: choose one")
    if fix:
        return Fixing.PUT_IN
    return Fixing.SHOW if diff else Fixing.NONE


def _joined(lists: Iterable[tuple[Selector, ...]]) -> tuple[Selector, ...] | None:
    return tuple(selector for each in lists for selector in each) or None


def _refuse_unreached(request: Request) -> None:
    """What is asked for must come before the last phase that runs."""
    last = request.last_phase
    wanted = {
        "--print": request.shown_phase,
        "--output": Phase.PLAN if request.output else None,
        "--graph": Phase.GRAPH if request.picture else None,
    }
    for name, phase in wanted.items():
        if phase is not None and not last.includes(phase):
            raise click.UsageError(
                f"`{name}` needs the phase `{phase.value}`, and `--stop-after {last.value}` ends "
                "before it"
            )
