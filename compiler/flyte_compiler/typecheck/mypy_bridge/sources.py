"""The modules of a program as mypy is given them: each with its text, and under which name.

mypy looks for nothing of the program's by itself. A file whose name is the standard library's, or
that no import can name, goes by a private name; what imports the former can't be checked, because
mypy would follow the import to the standard library.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from flyte_compiler.callgraph.program import Program
from flyte_compiler.source.text import SourceFile
from flyte_compiler.syntax.model import ModuleIndex

PRIVATE = "_flyte_compile_"
"""What every private name starts with."""
_SDK = "flyte"


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """One module that mypy checks."""

    name: str
    """Its own, as in the program."""
    known_as: str
    """Its name for mypy."""
    file: str
    """Absolute, for mypy."""
    source: SourceFile = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleSet:
    """What mypy is given."""

    modules: tuple[Module, ...]
    packages: Mapping[str, str]
    """Packages without a file of their own, and their folders."""
    misled: tuple[SourceFile, ...]
    """Those that import a module of the program by a name of the standard library's."""

    def without(self, left_out: Module) -> ModuleSet:
        """The same but for one module."""
        modules = tuple(each for each in self.modules if each is not left_out)
        return ModuleSet(modules=modules, packages=self.packages, misled=self.misled)


def choose_modules(program: Program, reserved: Collection[str]) -> ModuleSet:
    """The modules of a program for one build; `reserved` are the top-level names of the standard
    library."""
    hidden = set(reserved).intersection(map(_top_of, program.modules))
    modules, misled = [], []
    for name, index in program.modules.items():
        if _imports_any(index, hidden):
            misled.append(index.source)
            continue
        file = os.path.abspath(index.source.path)  # noqa: PTH100 - `..` taken out, links kept
        known_as = _known_as(name, file, reserved)
        modules.append(Module(name=name, known_as=known_as, file=file, source=index.source))
    return ModuleSet(
        modules=tuple(modules), packages=dict(_packages(modules)), misled=tuple(misled)
    )


def _imports_any(index: ModuleIndex, hidden: Collection[str]) -> bool:
    return any(_top_of(each.loads) in hidden for each in index.imports)


def _top_of(name: str) -> str:
    return name.partition(".")[0]


def _known_as(name: str, file: str, reserved: Collection[str]) -> str:
    """A name that mypy can take: its own, unless that is taken or nobody can import it."""
    if not _is_importable(name, file):
        digest = sha256(file.encode(errors="surrogatepass")).hexdigest()[:12]
        return f"{PRIVATE}{digest}"
    if _top_of(name) in reserved or _top_of(name) == _SDK:
        return f"{PRIVATE}{name}"
    return name


def _is_importable(name: str, file: str) -> bool:
    parts = name.split(".")
    stem, _ = os.path.splitext(os.path.basename(file))  # noqa: PTH119, PTH122 - text, not a place
    return all(part.isidentifier() for part in parts) and stem in ("__init__", parts[-1])


def _packages(modules: Collection[Module]) -> Iterator[tuple[str, str]]:
    """Folders without an `__init__.py` that modules are named through."""
    names = {each.known_as for each in modules}
    for module in modules:
        parts = module.known_as.split(".")
        folder = module.file
        if os.path.basename(folder) == "__init__.py":  # noqa: PTH119 - as above
            folder = os.path.dirname(folder)  # noqa: PTH120 - as above
        for length in range(len(parts) - 1, 0, -1):
            folder = os.path.dirname(folder)  # noqa: PTH120 - as above
            package = ".".join(parts[:length])
            if package not in names:
                yield package, folder
