"""What an image is made of, one layer after another: a closed set of plain records."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from flyte._secret import Secret

ProjectTool = Literal["uv", "poetry", "pixi", "uv_script", "pixi_script"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PipOptions:
    """How packages are looked up and installed."""

    index_url: str | None = None
    extra_index_urls: tuple[str, ...] = ()
    pre: bool = False
    extra_args: str | None = None
    secret_mounts: tuple[Secret, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PipPackages:
    """Python packages by requirement."""

    packages: tuple[str, ...]
    options: PipOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirements:
    """Python packages by a requirements file."""

    file: Path
    options: PipOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """The dependencies of a uv, poetry or pixi project, or of a script."""

    tool: ProjectTool
    file: Path
    lock: Path | None
    environment: str | None
    install_project: bool
    options: PipOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class AptPackages:
    """Packages of the distribution."""

    packages: tuple[str, ...]
    secret_mounts: tuple[Secret, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Commands:
    """Shell commands, in order."""

    commands: tuple[str, ...]
    secret_mounts: tuple[Secret, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvVars:
    """Environment variables, by name."""

    variables: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Files copied in."""

    files: tuple[Path, ...]
    dst: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFolder:
    """A folder copied in."""

    folder: Path
    dst: str
    copy_contents_only: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeBundle:
    """The program's own code copied in."""

    copy_style: Literal["loaded_modules", "all"]
    dst: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DockerIgnore:
    """A file that says what is left out of copies."""

    file: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkDir:
    """The folder that programs start in."""

    folder: str


Layer = (
    PipPackages
    | Requirements
    | Project
    | AptPackages
    | Commands
    | EnvVars
    | Sources
    | SourceFolder
    | CodeBundle
    | DockerIgnore
    | WorkDir
)
