"""How files are called on a server, which knows them from the top of the repository."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """A checkout, and where the diagnostics' paths start."""

    top: Path
    """Absolute."""
    folder: Path
    """What relative paths are relative to; absolute."""

    def absolute(self, path: Path) -> Path:
        """Where a file lies, `..` resolved by its words alone."""
        return Path(os.path.normpath(self.folder / path))

    def name_of(self, path: Path) -> str | None:
        """The path from the top, with slashes; None for a file outside."""
        absolute = self.absolute(path)
        return absolute.relative_to(self.top).as_posix() if self._holds(absolute) else None

    def _holds(self, absolute: Path) -> bool:
        return absolute.is_relative_to(self.top)
