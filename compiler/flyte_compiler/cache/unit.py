"""Units: entry files that share modules, with all that their common result depends on."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from flyte_compiler.source.fingerprint import ABSENT, fingerprint

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit(Generic[T]):
    """Some entry files, and what came of them, whatever other entries there are."""

    entries: tuple[str, ...]
    """As the user named them."""
    inputs: dict[str, str]
    """Fingerprints by path, relative to the project's root: of what was read, and of what was
    looked for."""
    outcome: T

    def is_current(self, root: Path) -> bool:
        """Whether everything is as it was."""
        return all(fingerprint(root / path) == mark for path, mark in self.inputs.items())

    def shares_files_with(self, others: Iterable[Unit[T]]) -> bool:
        """Whether another one depends on a file that this one depends on."""
        mine = {path for path, mark in self.inputs.items() if mark != ABSENT}
        return any(
            mark != ABSENT and path in mine for each in others for path, mark in each.inputs.items()
        )


class Dependence(Protocol):
    """A file that was read, and where others were looked for on its account."""

    @property
    def file(self) -> Path:
        """Absolute."""

    @property
    def shown(self) -> Path:
        """As the user would name it."""

    @property
    def fingerprint(self) -> str:
        """Taken before it was read."""

    @property
    def looked_for(self) -> Sequence[Path]:
        """Places of modules and of packages' own files, there or not."""

    @property
    def root(self) -> Path:
        """The folder that its program's names start from."""


def group(reads: Sequence[Dependence]) -> tuple[tuple[Dependence, ...], ...]:
    """Files that depend on one another, or on a place they both looked at that is there."""
    groups = _Groups()
    for read in reads:
        for place in _ties(read):
            groups.join(read.file, place)
    together: dict[Path, list[Dependence]] = {}
    for read in reads:
        together.setdefault(groups.of(read.file), []).append(read)
    return tuple(map(tuple, together.values()))


def inputs_of(reads: Iterable[Dependence], root: Path) -> dict[str, str]:
    """What some files depend on, by path relative to a project's root.

    Places where nothing was read are looked at now.
    """
    reads = tuple(reads)
    known = {read.file: read.fingerprint for read in reads}
    places = dict.fromkeys(place for read in reads for place in read.looked_for)
    marks = known | {place: fingerprint(place) for place in places if place not in known}
    return {_relative(place, root): mark for place, mark in marks.items()}


def _ties(read: Dependence) -> Iterator[Path]:
    """The places that tie a file to others. A folder without `__init__.py` is a package too."""
    for place in read.looked_for:
        folder = place.parent
        if os.path.lexists(place):
            yield place
        elif place.name == "__init__.py" and folder != read.root and os.path.isdir(folder):  # noqa: PTH112 - never raises
            yield folder


def _relative(path: Path, root: Path) -> str:
    try:
        return Path(os.path.relpath(path, root)).as_posix()
    except ValueError:  # on another drive
        return path.as_posix()


class _Groups:
    """Disjoint sets of paths."""

    def __init__(self) -> None:
        self._parents: dict[Path, Path] = {}

    def of(self, path: Path) -> Path:
        """The path that stands for a path's set."""
        while (parent := self._parents.get(path, path)) != path:
            self._parents[path] = self._parents.get(parent, parent)
            path = parent
        return path

    def join(self, one: Path, other: Path) -> None:
        """Make one set of two."""
        self._parents[self.of(one)] = self.of(other)


def owners(groups: Sequence[Sequence[Dependence]]) -> Mapping[Path, int]:
    """The group of each file, by the path that is shown."""
    return {read.shown: place for place, reads in enumerate(groups) for read in reads}
