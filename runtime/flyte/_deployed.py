"""What was deployed on this machine: by task, the version and the file that defines it.

Kept beside the store, so that `flyte.remote.Task.get` finds a task whose module the calling
program doesn't import. The file is run as it is now: the code isn't copied.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flyte._config import store_folder
from flyte._run_folder import read_json, write_json
from flyte._task import Task


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployed:
    """One task, as it was last deployed."""

    task: str
    version: str
    source: str


def keep_deployed(task: Task[..., object], version: str) -> None:
    """Make a task known; one without a file can be found by nobody, and isn't."""
    source = task.source_file
    if source is not None:
        entry = {"task": task.name, "version": version, "source": str(source.resolve())}
        write_json(_folder() / f"{task.name}.json", entry)


def find_deployed(task: str) -> Deployed | None:
    """A task as it was last deployed; None where it wasn't, or its file is gone."""
    entry = read_json(_folder() / f"{task}.json")
    found = None if entry is None else Deployed(**entry)
    return found if found is not None and Path(found.source).is_file() else None


def all_deployed() -> Iterator[Deployed]:
    """Every deployed task, by name."""
    for file in sorted(_folder().glob("*.json")):
        found = find_deployed(file.stem)
        if found is not None:
            yield found


def _folder() -> Path:
    return store_folder() / "deployed"
