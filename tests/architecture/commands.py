"""The checkout, and its programs run as users run them: in processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]


def run_python(
    *arguments: str, folder: Path, store: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run this interpreter in a folder; with a store, runs are recorded there."""
    environment = {**os.environ, "PYTHONWARNINGS": "error"}
    if store is not None:
        environment["FLYTE_STORE"] = str(store)
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def run_program(
    name: str, arguments: Sequence[str], *, folder: Path, store: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `flyte` or `flyte-compile`, by the module behind the command."""
    module = {"flyte": "flyte.cli", "flyte-compile": "flyte_compiler.cli"}[name]
    start = f"import sys; from {module} import main; sys.argv[0] = {name!r}; sys.exit(main())"
    return run_python("-c", start, *arguments, folder=folder, store=store)
