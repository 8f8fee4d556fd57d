"""Which modules that a module's imports name provably aren't there.

Only beside a file that is: a package's own folder, or that of the importing file. Silent about
folders without `__init__.py`, parts of which may lie elsewhere; about packages that change their
own search path; and about what a build generates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from flyte_compiler.syntax.model import Import, ModuleIndex

_PACKAGE_FILE = "__init__.py"
_GENERATED = re.compile(r"\w*_pb2(_grpc)?|_?_?version_?_?|\w*_?generated\w*|_\w*ext|_C")
_CHANGES_ITSELF = re.compile(r"__path__|sys\.modules|import_module|setattr")


def absent_modules(
    index: ModuleIndex, modules: Mapping[str, ModuleIndex], files: Mapping[str, Path]
) -> frozenset[str]:
    """The dotted names, as imports have them; those that may be names in a module, too."""
    return frozenset(
        name
        for found in index.imports
        for name in _named(found)
        if _is_absent(name, index.module, modules, files)
    )


def _named(found: Import) -> Iterator[str]:
    parts = found.loads.split(".")
    if parts[0]:
        yield from (".".join(parts[: n + 1]) for n in range(1, len(parts)))
    else:
        yield found.loads
    if found.attribute not in (None, "*") and parts[-1]:
        yield f"{found.loads}.{found.attribute}"


def _is_absent(
    name: str, importer: str, modules: Mapping[str, ModuleIndex], files: Mapping[str, Path]
) -> bool:
    parent, _, last = name.rpartition(".")
    if name in files or not last or _GENERATED.fullmatch(last):
        return False
    if not parent.strip("."):  # relative, in a file that lies in no package
        return _nothing_is_called(last, _folder(files[importer], level=len(parent) + 1))
    package = modules.get(parent)
    if package is None or package.is_open or _CHANGES_ITSELF.search(package.source.text):
        return False
    file = files[parent]
    return file.name != _PACKAGE_FILE or _nothing_is_called(last, file.parent)


def _folder(file: Path, *, level: int) -> Path:
    return file.parents[min(level, len(file.parents)) - 1]


def _nothing_is_called(name: str, folder: Path) -> bool:
    """No source, no folder, no compiled module of any kind."""
    try:
        return all(entry.name.partition(".")[0] != name for entry in folder.iterdir())
    except OSError:
        return False
