"""A run's folder in the store: what is no record, but belongs to the run.

    runs/NAME/options.json       what it was told beside its arguments
    runs/NAME/aborted            that somebody ended it, and why
    runs/NAME/logs/ACTION.jsonl  what an action printed and logged
    runs/NAME/asked/KEY.json     a question that waits for an answer
    runs/NAME/answers/KEY.json   the answer
    runs/NAME/checkpoints/       what actions saved for their next attempt

Each file is there whole or not at all.
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

from flyte._config import store_folder


def run_folder(run: str) -> Path:
    """Where a run's files are; made by who writes there."""
    return store_folder() / "runs" / run


def write_json(file: Path, value: object) -> None:
    """Write a file at once, readable to its owner alone."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            json.dump(value, out, ensure_ascii=False)
        Path(temporary).replace(file)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def read_json(file: Path) -> Any:
    """What a file says; None where there is none."""
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None


def abort_file(run: str) -> Path:
    """Where it is said that a run was aborted."""
    return run_folder(run) / "aborted"
