"""How a run is made: what `with_runcontext` and the command line say, checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flyte._engine.events import Listener
from flyte._journal import Durability
from flyte._run_folder import read_json, run_folder, write_json


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """How a run is made."""

    name: str | None = None
    durability: Durability = Durability.FAST
    executor: str = "auto"
    workers: int | None = None
    plan: bytes | None = None
    source: Path | None = None
    """Of a plan: the file that it was made from."""
    told: Mapping[str, Any] = field(default_factory=dict)
    """What else `with_runcontext` was told, by its names; a resumed run reads it again."""
    listener: Listener | None = field(default=None, repr=False)

    def keep(self, run: str) -> None:
        """Write down what a resumed run must know."""
        if self.told and self.durability is not Durability.MEMORY:
            write_json(run_folder(run) / "options.json", dict(self.told))


def told_to(run: str) -> Mapping[str, Any]:
    """What a run was told when it was made."""
    return read_json(run_folder(run) / "options.json") or {}
