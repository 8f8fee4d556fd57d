"""How the command ends: exit codes, and errors as people read them."""

from __future__ import annotations

from typing import IO, Any

import click

FAILED = 1
USAGE = 2
DIVERGED = 3
INTERRUPTED = 130


class CommandError(click.ClickException):
    """Ends the command with a message and a code; never with a traceback of ours."""

    def __init__(self, message: str, *, code: int = USAGE) -> None:
        super().__init__(message)
        self.exit_code = code  # type: ignore[misc]  # click reads it from the instance

    def show(self, file: IO[Any] | None = None) -> None:
        """Print it on standard error, `error:` first."""
        click.echo(f"error: {self.message}", file=file, err=file is None)


def note(message: str) -> None:
    """Say something beside the report."""
    click.echo(message, err=True)
