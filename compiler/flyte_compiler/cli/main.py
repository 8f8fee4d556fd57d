"""Which command is meant, and what happens to what nobody foresaw.

The first argument is a verb or belongs to the check: a path that is named like a verb is written
`./explain`.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from flyte_compiler.cli.check import check
from flyte_compiler.cli.explain import explain

PROGRAM = "flyte-compile"
VERBS = {"explain": explain}
SYSTEM_EXIT_CODE = 1
BUG_EXIT_CODE = 70


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; ends the process with its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        if words and words[0] in VERBS:
            VERBS[words[0]].main(args=words[1:], prog_name=f"{PROGRAM} {words[0]}")
        else:
            check.main(args=words, prog_name=PROGRAM)
    except OSError as error:  # a full disk, a working folder that is gone
        sys.stderr.write(f"{PROGRAM}: {error}\n")
        sys.exit(SYSTEM_EXIT_CODE)
    except Exception as error:
        from flyte_compiler.cli.bug import report_bug  # noqa: PLC0415 - what it loads is slow

        report_bug(PROGRAM, words, error)
        sys.exit(BUG_EXIT_CODE)
