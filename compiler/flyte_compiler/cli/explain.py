"""`flyte-compile explain CODE`: the page of a rule."""

from __future__ import annotations

import click

from flyte_compiler.rules.explain import explain as page_of


@click.command()
@click.argument("code")
def explain(code: str) -> None:
    """Print the page of a rule, by its code (FC302) or its name (argument-count)."""
    try:
        page = page_of(code)
    except LookupError as error:
        raise click.BadParameter(str(error.args[0]), param_hint="CODE") from None
    click.echo(page, nl=False)
