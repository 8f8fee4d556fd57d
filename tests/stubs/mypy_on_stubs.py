"""mypy in process over programs that use the stubs; one cache folder for all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mypy import api

from flyte_compiler.typecheck.stubs import stubs_folder

ROOT = Path(__file__).parents[2]

_LINE = re.compile(r"(?P<file>.+?):(?P<line>\d+): (?P<kind>error|note): (?P<text>.*)")
_REVEALED = re.compile(r'Revealed type is "(?P<type>.*)"$')


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One line of mypy's report."""

    file: str
    line: int
    is_error: bool
    text: str

    @property
    def revealed(self) -> str | None:
        """The type, where `reveal_type` was asked."""
        found = _REVEALED.search(self.text)
        return found["type"] if found else None


def check(
    files: Sequence[Path], folder: Path, *options: str, path: Path | None = None
) -> list[Said]:
    """What mypy says of `files`; `folder` keeps its configuration and cache.

    `path` is searched instead of the stubs.
    """
    configuration = folder / "mypy.ini"
    configuration.write_text(f"[mypy]\nmypy_path = {path or stubs_folder()}\n", encoding="utf-8")
    report, failure, _ = api.run(
        [
            f"--config-file={configuration}",
            f"--cache-dir={folder / 'cache'}",
            "--no-error-summary",
            "--hide-error-context",
            *options,
            *map(str, files),
        ]
    )
    assert not failure, failure
    found = [match for line in report.splitlines() if (match := _LINE.fullmatch(line))]
    return [
        Said(
            file=Path(match["file"]).name,
            line=int(match["line"]),
            is_error=match["kind"] == "error",
            text=match["text"],
        )
        for match in found
    ]
