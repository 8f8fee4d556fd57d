"""What was asked for: on the command line, and with what the project's configuration adds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from flyte_compiler.diagnostics.select import Selection, Selector
from flyte_compiler.diagnostics.severity import Gravity, Override
from flyte_compiler.diagnostics.target import Target
from flyte_compiler.phase import Phase

FORMATS = ("full", "concise", "json", "sarif", "github")
TYPE_SOURCES = ("mypy", "annotations")
"""The values of `TypeSource`, which lies in a phase."""
TARGETS = tuple(target.value for target in Target)


class Fixing(Enum):
    """What becomes of fixes."""

    NONE = "none"
    PUT_IN = "put in"
    SHOW = "show"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileIgnore:
    """What is not reported about some files."""

    pattern: str
    selectors: tuple[Selector, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What can be said in `[tool.flyte-compile]`, and on the command line: None is unsaid."""

    select: tuple[Selector, ...] | None = None
    ignore: tuple[Selector, ...] | None = None
    notes: bool | None = None
    warnings_as_errors: bool | None = None
    format: str | None = None
    target: Target | None = None
    types: str | None = None
    """One of `TYPE_SOURCES`."""
    overrides: tuple[Override, ...] = ()
    """Of severities; of the configuration alone."""
    off: tuple[Selector, ...] = ()
    """Rules whose severity is `off`; of the configuration alone."""
    per_file_ignores: tuple[FileIgnore, ...] = ()
    """Of the configuration alone."""
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
    tasks: tuple[str, ...] = ()
    output: Path | None = None
    """The folder for plans."""
    picture: Path | None = None
    shown_phase: Phase | None = None
    last_phase: Phase = Phase.PLAN
    fixing: Fixing = Fixing.NONE
    with_cache: bool = True
    said: Settings = Settings()


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """One check, settled."""

    request: Request
    format: str
    types: str
    selection: Selection
    gravity: Gravity
    notes: bool
    per_file_ignores: tuple[FileIgnore, ...]
    roots: tuple[Path, ...]
    exclude: tuple[str, ...]
    pattern_folder: Path
    """What patterns of paths are relative to."""

    @property
    def asked_for(self) -> Selection:
        """What `--select` names, on the command line."""
        return Selection(select=self.request.said.select or ())

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
        types=said.types or configured.types or TYPE_SOURCES[0],
        selection=_selection(said, configured),
        gravity=Gravity(
            target=said.target or configured.target or Target.OURS,
            overrides=configured.overrides,
            warnings_as_errors=_is_set(said.warnings_as_errors, configured.warnings_as_errors),
        ),
        notes=_is_set(said.notes, configured.notes),
        per_file_ignores=configured.per_file_ignores,
        roots=configured.roots,
        exclude=configured.exclude,
        pattern_folder=configured.folder or Path.cwd(),
    )


def _selection(said: Settings, configured: Settings) -> Selection:
    """What the configuration ignores gives way to what the command line selects."""
    usual = configured.off
    if said.ignore is None:
        usual += configured.ignore or ()
    if said.select is None:
        ignore = (said.ignore or ()) + usual
        return Selection(select=configured.select or (), ignore=ignore)
    return Selection(select=said.select, ignore=said.ignore or (), usually_ignore=usual)


def _is_set(*flags: bool | None) -> bool:
    return next((each for each in flags if each is not None), False)
