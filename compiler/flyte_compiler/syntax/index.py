"""`index_module`: everything that one file says about itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import libcst as cst

from flyte_compiler.source.span import Span
from flyte_compiler.source.text import SourceFile
from flyte_compiler.syntax.environments import environments_among
from flyte_compiler.syntax.functions import functions_among
from flyte_compiler.syntax.imports import imports_among
from flyte_compiler.syntax.model import Import, ModuleIndex
from flyte_compiler.syntax.parse import Parsed
from flyte_compiler.syntax.positions import Positions
from flyte_compiler.syntax.scope import (
    COMPREHENSIONS,
    Access,
    Contents,
    Mention,
    contents,
    contents_of,
)
from flyte_compiler.syntax.statements import Placed, placed_statements
from flyte_compiler.syntax.tree import dotted

_BINDING = (Access.WRITE, Access.WALRUS, Access.DELETE)
_OPENING = frozenset({"exec", "globals", "vars"})
"""Names that give code a way to bind names that no reader sees."""


def index_module(source: SourceFile, parsed: Parsed) -> ModuleIndex:
    """Read a module's own facts off its tree."""
    tree, positions = parsed.tree, parsed.positions
    statements = tuple(placed_statements(tree, positions))
    imports = imports_among(statements, source, positions)
    scopes = _all_scopes(tree)
    mentions = _module_mentions(tree, scopes)
    bindings = _first_places(mentions, imports, positions)
    return ModuleIndex(
        source=source,
        tree=tree,
        positions=positions,
        imports=imports,
        environments=environments_among(statements, imports, positions),
        functions=functions_among(statements, scopes, positions),
        bindings=bindings,
        aliases=_aliases(statements, mentions),
        scopes=scopes,
        is_open=_is_open(scopes.values(), imports, bindings),
    )


def _all_scopes(tree: cst.Module) -> dict[int, Contents]:
    """The module's own contents, then those of every scope in it, outer ones first."""
    scopes = {id(tree): contents(tree.body)}
    waiting = [scopes[id(tree)]]
    for scope in waiting:  # grows while it is read
        for inner in scope.nested:
            scopes[id(inner)] = contents_of(inner)
            waiting.append(scopes[id(inner)])
    return scopes


def _module_mentions(tree: cst.Module, scopes: Mapping[int, Contents]) -> list[Mention]:
    """Every mention that binds a name of the module, wherever it stands."""
    body = scopes[id(tree)]
    found = [mention for mention in body.mentions if mention.access in _BINDING]
    found.extend(_walruses_in(body, scopes))
    for scope in scopes.values():
        declared = scope.names(Access.GLOBAL)
        if declared and scope is not body:
            found.extend(m for m in scope.mentions if m.access in _BINDING and m.name in declared)
    return found


def _walruses_in(scope: Contents, scopes: Mapping[int, Contents]) -> Iterable[Mention]:
    for inner in scope.nested:
        if isinstance(inner, COMPREHENSIONS):
            within = scopes[id(inner)]
            yield from (m for m in within.mentions if m.access is Access.WALRUS)
            yield from _walruses_in(within, scopes)


def _first_places(
    mentions: Iterable[Mention], imports: Iterable[Import], positions: Positions
) -> Mapping[str, Span]:
    first: dict[str, cst.CSTNode] = {}
    for mention in sorted(mentions, key=lambda mention: positions.offsets(mention.node)):
        if mention.access is not Access.DELETE:
            first.setdefault(mention.name, mention.node)
    return {name: positions.span(node) for name, node in first.items()}


def _aliases(statements: Iterable[Placed], mentions: Iterable[Mention]) -> Mapping[str, str]:
    times: dict[str, int] = {}
    for mention in mentions:
        times[mention.name] = times.get(mention.name, 0) + 1
    found: dict[str, str] = {}
    for node, place in statements:
        if not place.in_function and not place.prefix and isinstance(node, cst.Assign):
            found.update(_alias_of(node))
    return {name: meaning for name, meaning in found.items() if times.get(name) == 1}


def _alias_of(node: cst.Assign) -> Mapping[str, str]:
    """`a = x.y` gives `a` the meaning `x.y`; `a = b = f()` gives `b` that of `a`."""
    names = [target.target for target in node.targets]
    meaning = dotted(node.value)
    if meaning is None and isinstance(node.value, cst.Call):
        meaning, names = dotted(names[0]), names[1:]
    if meaning is None:
        return {}
    return {name.value: meaning for name in names if isinstance(name, cst.Name)}


def _is_open(
    scopes: Iterable[Contents], imports: Iterable[Import], bindings: Mapping[str, Span]
) -> bool:
    if "__getattr__" in bindings or any(found.attribute == "*" for found in imports):
        return True
    return any(scope.names(Access.READ) & _OPENING for scope in scopes)
