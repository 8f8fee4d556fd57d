"""The command line `flyte-compile`: parses arguments, calls the pipeline, says what came of it.

Nothing here loads a phase before a command needs one, so that `--help` is quick. `main` is the
entry point.
"""

from flyte_compiler.cli.main import main

__all__ = ["main"]
