"""Imports: which local name stands for what, and what a dotted name means through them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import libcst as cst

from flyte_compiler.source.text import SourceFile
from flyte_compiler.syntax.model import Import
from flyte_compiler.syntax.positions import Positions
from flyte_compiler.syntax.statements import Place, Placed
from flyte_compiler.syntax.tree import dotted

PACKAGE_FILE = "__init__.py"


def imports_among(
    statements: Iterable[Placed], source: SourceFile, positions: Positions
) -> tuple[Import, ...]:
    """The names that a module's statements import, in source order."""
    return tuple(
        found for node, place in statements for found in _imports_of(node, place, source, positions)
    )


def written_name(name: str, imports: Sequence[Import]) -> str | None:
    """What a dotted name means by a module's imports: `f.map` is `flyte.map` after
    `import flyte as f`. None where its first part isn't imported; the last import wins."""
    first, _, rest = name.partition(".")
    for found in reversed(imports):
        if found.local == first and found.attribute != "*":
            start = found.module if found.attribute is None else f"{found.module}.{found.attribute}"
            return f"{start}.{rest}" if rest else start
    return None


def _imports_of(
    node: cst.CSTNode, place: Place, source: SourceFile, positions: Positions
) -> Iterator[Import]:
    if isinstance(node, cst.Import):
        for alias in node.names:
            loads = dotted(alias.name) or ""
            local = _renamed(alias)
            yield Import(
                local=local or loads.partition(".")[0],
                module=loads if local else loads.partition(".")[0],
                attribute=None,
                loads=loads,
                top_level=not place.in_function,
                is_guarded=bool(place.exclusive),
                span=positions.span(alias),
            )
    elif isinstance(node, cst.ImportFrom):
        module = _absolute(node, source)
        names = [node.names] if isinstance(node.names, cst.ImportStar) else node.names
        for name in names:
            attribute = "*" if isinstance(name, cst.ImportStar) else dotted(name.name) or ""
            yield Import(
                local=attribute
                if isinstance(name, cst.ImportStar)
                else _renamed(name) or attribute,
                module=module,
                attribute=attribute,
                loads=module,
                top_level=not place.in_function,
                is_guarded=bool(place.exclusive),
                span=positions.span(name),
            )


def _renamed(alias: cst.ImportAlias) -> str | None:
    if alias.asname is None or not isinstance(alias.asname.name, cst.Name):
        return None
    return alias.asname.name.value


def _absolute(node: cst.ImportFrom, source: SourceFile) -> str:
    """The module that an import names. One that climbs out of its package keeps its dots: no
    module is called so, and Python would refuse it too."""
    name = "" if node.module is None else dotted(node.module) or ""
    level = len(node.relative)
    if level == 0:
        return name
    package = source.module.split(".")
    climbed = level - (source.path.name == PACKAGE_FILE)
    if climbed >= len(package):
        return "." * level + name
    base = ".".join(package[: len(package) - climbed])
    return f"{base}.{name}" if name else base
