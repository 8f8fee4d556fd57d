"""The command `flyte`. What it needs is imported when it runs, not when it is named."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run the command line of this process and exit with its code."""
    from flyte.cli.app import flyte  # noqa: PLC0415 - click stays out of `import flyte.cli`

    try:
        flyte()
    except OSError as error:  # the report can't be written: a full disk behind `>`
        sys.stderr.write(f"error: {error}\n")
        # What is still buffered can't be written either, and Python would say so at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.exit(1)
