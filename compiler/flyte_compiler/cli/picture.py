"""`--graph FILE`: a picture of the drivers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from flyte_compiler.emit.draw import FORMATS, draw
from flyte_compiler.emit.engine import PictureError
from flyte_compiler.emit.page import Material
from flyte_compiler.ir.model import TaskGraph
from flyte_compiler.pipeline import Compilation
from flyte_plan.closure import Sources, closure_of
from flyte_plan.digest import show_digest


def refuse_unknown_form(file: Path) -> None:
    """Raises click.UsageError for a suffix that names no form of picture."""
    if file.suffix.lower() not in FORMATS:
        known = ", ".join(FORMATS)
        raise click.BadParameter(f"`{file}` ends in none of {known}", param_hint="--graph")


def draw_picture(file: Path, graphs: Sequence[TaskGraph], compilation: Compilation) -> bool:
    """Draw every driver into one file; whether there is a picture now."""
    if not graphs:
        click.echo(f"error: no driver to draw: `{file}` was not written", err=True)
        return False
    try:
        notes = draw(graphs, file=file, material=_material(file, compilation))
    except PictureError as error:
        click.echo(f"error: {error}", err=True)
        return False
    for note in notes:
        click.echo(f"note: {note}", err=True)
    click.echo(f"wrote {file}", err=True)
    return True


def _material(file: Path, compilation: Compilation) -> Material:
    """What a page shows beside the graphs; a picture has no place for it."""
    if file.suffix.lower() != ".html":
        return Material()
    digests: dict[str, str] = {}
    for program in compilation.programs:
        sources = Sources(roots=(program.program.root,))
        for definition in program.call_graph.definitions:
            if definition.is_task:
                closure = closure_of(definition.module, definition.function.name, sources)
                digests[definition.key] = show_digest(closure.digest)
    return Material(sources=compilation.sources, digests=digests)
