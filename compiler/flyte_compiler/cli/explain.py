"""`flyte-compile explain [CODE]`: the page of a rule, or a list of them all."""

from __future__ import annotations

import sys

import click

from flyte_compiler.cli.colour import paint_for
from flyte_compiler.cli.markdown import painted
from flyte_compiler.diagnostics.paint import plain
from flyte_compiler.rules.explain import explain as page_of
from flyte_compiler.rules.explain import listed


@click.command()
@click.argument("code", required=False)
def explain(code: str | None) -> None:
    """Print the page of a rule, by its code (FC302) or its name (argument-count); without one,
    list them all."""
    if code is None:
        for line in listed():
            click.echo(line)
        return
    try:
        page = page_of(code)
    except LookupError as error:
        raise click.BadParameter(str(error.args[0]), param_hint="CODE") from None
    paint = paint_for(sys.stdout)
    click.echo(painted(page, paint), nl=False, color=paint is not plain)
