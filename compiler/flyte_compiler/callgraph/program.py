"""Loading: the modules that a program is made of, without importing any of them.

A program is the entry files that share a root, and every module under that root which they
import, wherever the import stands. A module that can't be read is a fault of its own and stops no
other.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias

from flyte_compiler.callgraph.absent import absent_modules
from flyte_compiler.callgraph.listed_files import listed_files
from flyte_compiler.source.fingerprint import fingerprint
from flyte_compiler.source.read import Unreadable, read_source
from flyte_compiler.syntax.index import index_module
from flyte_compiler.syntax.model import Import, ModuleIndex
from flyte_compiler.syntax.parse import Parsed, SyntaxFault, TooDeep, parse
from flyte_plan.modules import find_module, module_name, module_places, module_root, root_marks

Fault: TypeAlias = Unreadable | SyntaxFault | TooDeep
"""Why a file has no index."""

_SDK = "flyte"
"""Never first-party, even where its source lies beside the program."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """Modules that import each other by the names that they have here."""

    root: Path
    entries: tuple[str, ...]
    """The modules that the user named; those that could not be read are missing."""
    modules: Mapping[str, ModuleIndex] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A file that was read, or would have been; every result says which it depends on."""

    file: Path
    """Absolute."""
    shown: Path
    """As in diagnostics."""
    fingerprint: str
    """Taken before it was read: what is compiled is never older than it says."""
    looked_for: tuple[Path, ...]
    """Places where its root, what it imports and what its images list were looked for: there or
    not."""
    root: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """Every program among some files, and what could not be read."""

    programs: tuple[Program, ...]
    faults: tuple[Fault, ...]
    reads: tuple[Read, ...] = ()


def load_program(entries: Sequence[Path], *, roots: Sequence[Path] = ()) -> Loaded:
    """Load entry files and the first-party modules that they import.

    Entries of one root are one program; two that have one module name are two. `roots` come
    before the root that a file's own folder gives. Runs on a deep stack (`with_deep_stack`).
    """
    loaders: list[_Loader] = []
    for entry in entries:
        root = _root_of(entry, roots)
        name = _name_of(entry, root)
        loader = next((each for each in loaders if each.takes(entry, name, root)), None)
        if loader is None:
            loader = _Loader(root, roots)
            loaders.append(loader)
        loader.enter(entry, name)
    for loader in loaders:
        loader.follow()
    return Loaded(
        programs=tuple(filter(lambda each: each.modules, (loader.program() for loader in loaders))),
        faults=tuple(fault for loader in loaders for fault in loader.faults),
        reads=tuple(read for loader in loaders for read in loader.reads()),
    )


def are_separable(entries: Sequence[Path], *, roots: Sequence[Path] = ()) -> bool:
    """Whether entries that share no module may as well be loaded apart, with the same results.

    Not where an import of some entry's name would find another file, and not where paths are
    shown in two ways.
    """
    if len({entry.is_absolute() for entry in entries}) > 1:
        return False
    for entry in entries:
        root = _root_of(entry, roots)
        if find_module(_name_of(entry, root), [root, *roots]) != entry.absolute():
            return False
    return True


class _Loader:
    """The modules of one program, as they are found."""

    def __init__(self, root: Path, roots: Sequence[Path]) -> None:
        self.faults: list[Fault] = []
        self._root = root
        self._roots = [root, *(each for each in roots if each != root)]
        self._files: dict[str, Path] = {}
        self._entries: list[str] = []
        self._modules: dict[str, ModuleIndex] = {}
        self._waiting: list[str] = []
        self._show_relative = False
        self._shown_as: dict[str, tuple[Path, str]] = {}
        self._looked_for: dict[str, dict[Path, None]] = {}

    def takes(self, entry: Path, name: str, root: Path) -> bool:
        """Whether an entry belongs to this program."""
        known = self._files.get(name)
        return root == self._root and known in (None, entry.absolute())

    def enter(self, entry: Path, name: str) -> None:
        """Read an entry file, under the name that the user gave it."""
        self._show_relative = self._show_relative or not entry.is_absolute()
        if name not in self._files:
            self._entries.append(name)
            self._read(name, entry.absolute(), shown=entry)
            self._looked_for[name].update(dict.fromkeys(root_marks(entry)))
            for package in _packages_of(name):
                self._look_for(package, importer=name)

    def follow(self) -> None:
        """Read what is imported, until nothing new is."""
        while self._waiting:
            importer = self._waiting.pop(0)
            for name in _modules_named(self._modules[importer].imports):
                if name.partition(".")[0] == _SDK:
                    continue
                self._look_for(name, importer=importer)
                if name not in self._files:
                    file = find_module(name, self._roots)
                    if file is not None:
                        self._read(name, file, shown=self._shown(file))

    def reads(self) -> Iterator[Read]:
        """What was read, and where the rest was looked for."""
        for name, (shown, mark) in self._shown_as.items():
            yield Read(
                file=self._files[name],
                shown=shown,
                fingerprint=mark,
                looked_for=tuple(self._looked_for[name]),
                root=self._root,
            )

    def program(self) -> Program:
        """What has been loaded, modules by name."""
        return Program(
            root=self._root,
            entries=tuple(name for name in self._entries if name in self._modules),
            modules={
                name: replace(index, absent=absent_modules(index, self._modules, self._files))
                for name, index in sorted(self._modules.items())
            },
        )

    def _look_for(self, name: str, *, importer: str) -> None:
        places = module_places(name, self._roots)
        self._looked_for[importer].update(dict.fromkeys(places))

    def _shown(self, file: Path) -> Path:
        """As the user would name it: relative where an entry was."""
        return Path(os.path.relpath(file)) if self._show_relative else file

    def _read(self, name: str, file: Path, *, shown: Path) -> None:
        self._files[name] = file
        self._shown_as[name] = (shown, fingerprint(file))
        self._looked_for[name] = {}
        source = read_source(file, module=name, shown=shown)
        if isinstance(source, Unreadable):
            self.faults.append(source)
            return
        self._looked_for[name].update(dict.fromkeys(listed_files(source.text, file)))
        parsed = parse(source)
        if not isinstance(parsed, Parsed):
            self.faults.append(parsed)
            return
        self._modules[name] = index_module(source, parsed)
        self._waiting.append(name)


def _modules_named(imports: Sequence[Import]) -> Iterator[str]:
    """The modules that imports may load, packages before what is in them."""
    for found in imports:
        yield from _packages_of(found.loads)
        if found.attribute not in (None, "*"):
            yield f"{found.loads}.{found.attribute}"


def _packages_of(name: str) -> Iterator[str]:
    """The packages that a module is in, the outermost first, and the module itself."""
    parts = name.split(".")
    yield from (".".join(parts[: n + 1]) for n in range(len(parts)))


def _root_of(entry: Path, roots: Sequence[Path]) -> Path:
    inside = [root for root in roots if entry.absolute().is_relative_to(root.absolute())]
    return inside[0] if inside else module_root(entry)


def _name_of(entry: Path, root: Path) -> str:
    """The module's dotted name; a file that no import could name is called by its stem."""
    try:
        return module_name(entry, root)
    except ValueError:
        return entry.stem
