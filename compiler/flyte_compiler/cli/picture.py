"""`--graph FILE`: a picture of the drivers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from flyte_compiler.emit.draw import FORMATS, draw
from flyte_compiler.emit.engine import PictureError
from flyte_compiler.ir.model import TaskGraph


def refuse_unknown_form(file: Path) -> None:
    """Raises click.UsageError for a suffix that names no form of picture."""
    if file.suffix.lower() not in FORMATS:
        known = ", ".join(FORMATS)
        raise click.BadParameter(f"`{file}` ends in none of {known}", param_hint="--graph")


def draw_picture(file: Path, graphs: Sequence[TaskGraph]) -> bool:
    """Draw every driver into one file; whether there is a picture now."""
    if not graphs:
        click.echo(f"error: no driver to draw: `{file}` was not written", err=True)
        return False
    try:
        notes = draw(graphs, file=file)
    except PictureError as error:
        click.echo(f"error: {error}", err=True)
        return False
    for note in notes:
        click.echo(f"note: {note}", err=True)
    click.echo(f"wrote {file}", err=True)
    return True
