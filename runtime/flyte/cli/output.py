"""`-of json|table`, before or after the verb, and the two forms that it chooses between."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

_KEY = "flyte.output"
FORMATS = ("table", "json")


def _remember(context: click.Context, _parameter: click.Parameter, value: str | None) -> None:
    if value is not None:
        context.find_root().meta[_KEY] = value


def output_parameter() -> click.Option:
    """The option, for commands made by hand."""
    return click.Option(
        ["-of", "--output-format"],
        type=click.Choice(FORMATS),
        callback=_remember,
        expose_value=False,
        help="How to print the result.",
    )


def output_option(command: F) -> F:
    """The option, as a decorator."""
    made = output_parameter()
    return click.option(
        *made.opts,
        type=made.type,
        callback=_remember,
        expose_value=False,
        help=made.help,
    )(command)


def wants_json(context: click.Context) -> bool:
    """Whether JSON was asked for, on this command or on one around it."""
    return context.find_root().meta.get(_KEY) == "json"


def print_json(value: object) -> None:
    """On standard output, for programs."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))


def print_table(columns: Sequence[str], rows: Sequence[Mapping[str, object]]) -> None:
    """On standard output, for people: one line a row, columns aligned."""
    lines = [list(columns), *([_cell(row.get(name)) for name in columns] for row in rows)]
    widths = [max(len(line[index]) for line in lines) for index in range(len(columns))]
    for line in lines:
        padded = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        click.echo("  ".join(padded).rstrip())


def _cell(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
