"""What is said when the compiler itself goes wrong: enough for somebody to mend it."""

from __future__ import annotations

import platform
import shlex
import traceback
from collections.abc import Sequence
from importlib.metadata import version

import click


def report_bug(program: str, words: Sequence[str], error: Exception) -> None:
    """On standard error. A user's own fault never comes here."""
    lines = (
        f"{program}: a mistake of the compiler itself: {type(error).__name__}: {error}",
        "Please report it with these lines, and the source if you can:",
        f"  {program} {version(program)}, Python {platform.python_version()}",
        f"  {shlex.join((program, *words))}",
        *(f"  {line}" for line in "".join(traceback.format_exception(error)).splitlines()),
    )
    for line in lines:
        click.echo(line, err=True)
