"""The command `flyte`. What it needs is imported when it runs, not when it is named."""

from __future__ import annotations


def main() -> None:
    """Run the command line of this process and exit with its code."""
    from flyte.cli.app import flyte  # noqa: PLC0415 - click stays out of `import flyte.cli`

    flyte()
