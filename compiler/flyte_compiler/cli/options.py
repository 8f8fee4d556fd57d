"""What was asked for: on the command line, and with what the project's configuration adds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from flyte_compiler.diagnostics.select import Selection, Selector
from flyte_compiler.phase import Phase

FORMATS = ("full", "concise", "json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What can be said in `[tool.flyte-compile]`, and on the command line: None is unsaid."""

    select: tuple[Selector, ...] | None = None
    ignore: tuple[Selector, ...] | None = None
    notes: bool | None = None
    warnings_as_errors: bool | None = None
    format: str | None = None
    roots: tuple[Path, ...] = ()
    """Absolute; of the configuration alone."""
    exclude: tuple[str, ...] = ()
    """Patterns of paths below `folder`; of the configuration alone."""
    folder: Path | None = None
    """Where the configuration lies, if anywhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """The command line."""

    paths: tuple[Path, ...]
    tasks: tuple[str, ...]
    output: Path | None
    """The folder for plans."""
    picture: Path | None
    shown_phase: Phase | None
    last_phase: Phase
    with_cache: bool
    said: Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """One check, settled."""

    request: Request
    format: str
    selection: Selection
    notes: bool
    warnings_as_errors: bool
    roots: tuple[Path, ...]
    exclude: tuple[str, ...]
    excluding_folder: Path | None
    """What the patterns in `exclude` are relative to."""

    @property
    def needs_graphs(self) -> bool:
        """Whether a report is not enough."""
        asked = self.request
        wanted = (asked.output, asked.picture, asked.shown_phase)
        return any(each is not None for each in wanted) or asked.last_phase is not Phase.PLAN


def settle(request: Request, configured: Settings) -> Options:
    """The command line wins, option by option."""
    said = request.said
    return Options(
        request=request,
        format=said.format or configured.format or "full",
        selection=Selection(
            select=_first(said.select, configured.select),
            ignore=_first(said.ignore, configured.ignore),
        ),
        notes=_is_set(said.notes, configured.notes),
        warnings_as_errors=_is_set(said.warnings_as_errors, configured.warnings_as_errors),
        roots=configured.roots,
        exclude=configured.exclude,
        excluding_folder=configured.folder,
    )


def _first(*lists: tuple[Selector, ...] | None) -> tuple[Selector, ...]:
    return next((each for each in lists if each is not None), ())


def _is_set(*flags: bool | None) -> bool:
    return next((each for each in flags if each is not None), False)
