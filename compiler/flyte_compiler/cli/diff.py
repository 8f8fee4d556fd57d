"""`flyte-compile diff OLD NEW`: what changed between two plans, or two source trees.

Exit codes: 0 no differences; 1 differences, or sources with errors; 2 bad usage, a path that
isn't there, a plan that can't be read.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import click

from flyte_compiler.cli.colour import paint_for
from flyte_compiler.cli.sides import Side, read_side
from flyte_compiler.diagnostics.model import Diagnostic
from flyte_compiler.diagnostics.render_full import render_full
from flyte_compiler.diff.compare import compare
from flyte_compiler.diff.model import Difference
from flyte_compiler.diff.render_json import render_json
from flyte_compiler.diff.render_text import render_text
from flyte_compiler.diff.words import counted

EXISTING = click.Path(exists=True, path_type=Path)
_NOTHING = Difference(added=(), removed=(), changed=(), results=(), pinned=())


@click.command()
@click.argument("old", type=EXISTING, metavar="OLD")
@click.argument("new", type=EXISTING, metavar="NEW")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["full", "json"]),
    default="full",
    help="Of the report; full by default.",
)
def diff(*, old: Path, new: Path, format_: str) -> None:
    """Say what changed between two plans, files or folders, and which recorded results stay
    valid."""
    sides = (read_side(old), read_side(new))
    errors = tuple(error for side in sides for error in side.errors)
    compared = _NOTHING if errors else compare(*(side.plans for side in sides))
    for side in sides:
        for note in side.notes:
            click.echo(f"note: {note}", err=True)
    _FORMATS[format_](sides, compared, errors)
    sys.exit(1 if errors or not compared.is_empty else 0)


def _report_full(sides: Sequence[Side], compared: Difference, errors: Sequence[Diagnostic]) -> None:
    paint = paint_for(sys.stdout)
    for side in sides:
        for error in side.errors:
            click.echo(render_full(error, side.texts, paint=paint))
            click.echo()
    if errors:
        click.echo(f"not compared: {counted(len(errors), 'error')}")
        return
    for line in render_text(compared, paint=paint):
        click.echo(line)


def _report_json(sides: Sequence[Side], compared: Difference, errors: Iterable[Diagnostic]) -> None:
    old, new = (side.path.as_posix() for side in sides)
    click.echo(render_json(compared, old=old, new=new, diagnostics=errors), nl=False)


_FORMATS: dict[str, Callable[[Sequence[Side], Difference, Sequence[Diagnostic]], None]] = {
    "full": _report_full,
    "json": _report_json,
}
