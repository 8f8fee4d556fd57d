"""What was asked for on the command line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from flyte_compiler.diagnostics.select import Selection
from flyte_compiler.phase import Phase


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """One check, as asked for."""

    paths: tuple[Path, ...]
    tasks: tuple[str, ...]
    output: Path | None
    """The folder for plans."""
    picture: Path | None
    format: str
    selection: Selection
    notes: bool
    warnings_as_errors: bool
    shown_phase: Phase | None
    last_phase: Phase
