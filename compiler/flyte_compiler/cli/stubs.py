"""`flyte-compile stubs --path`: where the typed surface lies that programs are checked against."""

from __future__ import annotations

import click


@click.command()
@click.option("--path", is_flag=True, help="Print the folder: put it on `mypy_path`.")
def stubs(*, path: bool) -> None:
    """Say where our stubs of `flyte` lie."""
    if not path:
        raise click.UsageError("say `--path`: it prints where our stubs lie")
    from flyte_compiler.typecheck.stubs import stubs_folder  # noqa: PLC0415 - a phase

    click.echo(stubs_folder())
