"""Which command is meant, and what happens to what nobody foresaw.

The first argument is a verb or belongs to the check: a path that is named like a verb is written
`./explain`.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import click

PROGRAM = "flyte-compile"
VERBS = ("diff", "explain", "stubs")
"""Each is the command of its name in the module of its name here, loaded when it is meant."""
SYSTEM_EXIT_CODE = 1
BUG_EXIT_CODE = 70


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; ends the process with its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        if words and words[0] in VERBS:
            _command(words[0]).main(args=words[1:], prog_name=f"{PROGRAM} {words[0]}")
        else:
            _command("check").main(args=words, prog_name=PROGRAM)
    except OSError as error:  # a full disk, a working folder that is gone
        sys.stderr.write(f"{PROGRAM}: {error}\n")
        sys.exit(SYSTEM_EXIT_CODE)
    except Exception as error:
        from flyte_compiler.cli.bug import report_bug  # noqa: PLC0415 - what it loads is slow

        report_bug(PROGRAM, words, error)
        sys.exit(BUG_EXIT_CODE)


def _command(name: str) -> click.Command:
    command: click.Command = getattr(import_module(f"{__package__}.{name}"), name)
    return command
