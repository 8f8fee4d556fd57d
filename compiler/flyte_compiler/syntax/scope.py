"""Names and scopes: what some code reads, binds and deletes, by Python's own rules.

`contents` looks at one scope and stops at the ones inside it; everything else here is arithmetic
on what it found. libcst's `ScopeProvider` answers the same questions at ten times the cost of the
parse.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

import libcst as cst

from flyte_compiler.syntax.scan import (
    COMPREHENSIONS,
    Access,
    Mention,
    Scan,
    ScopeNode,
    parameter_list,
)

__all__ = [
    "COMPREHENSIONS",
    "Access",
    "Contents",
    "Mention",
    "NameUse",
    "ScopeNode",
    "contents",
    "contents_of",
    "names_in",
]


_NONE: frozenset[str] = frozenset()
_RECENT = 512
"""Nested scopes that are remembered: a driver's are asked for many times, one after the other."""


@dataclass(frozen=True, kw_only=True)
class Contents:
    """What stands directly in one scope."""

    mentions: tuple[Mention, ...]
    nested: tuple[ScopeNode, ...]
    """The scopes right inside it; their names are not among the mentions."""
    yields: bool

    def names(self, *accesses: Access) -> frozenset[str]:
        """The names that are mentioned in one of these ways."""
        by_access = self._by_access
        if len(accesses) == 1:
            return by_access.get(accesses[0], _NONE)
        return _NONE.union(*[by_access[access] for access in accesses if access in by_access])

    @cached_property
    def _by_access(self) -> dict[Access, frozenset[str]]:
        found: dict[Access, set[str]] = {}
        for access, name, _ in self.mentions:
            names = found.get(access)
            if names is None:
                found[access] = {name}
            else:
                names.add(name)
        return {access: frozenset(names) for access, names in found.items()}

    @cached_property
    def local(self) -> frozenset[str]:
        """The names that this scope binds for itself, were it a function's."""
        bound = self.names(Access.WRITE, Access.WALRUS, Access.DECLARE, Access.DELETE)
        for inner in self.nested:
            if isinstance(inner, COMPREHENSIONS):
                bound |= _from_outside(inner).writes
        return bound - self.names(Access.GLOBAL, Access.NONLOCAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class NameUse:
    """What some code does to the names of the function around it.

    Comprehension targets, parameters of lambdas and locals of nested functions are nobody else's
    business; their free variables are reads, and so is what they declare `nonlocal`, which has to
    be there; what they bind of that are writes.
    """

    reads: frozenset[str]
    writes: frozenset[str]
    deletes: frozenset[str]
    declares_global: frozenset[str]
    declares_nonlocal: frozenset[str]


def names_in(nodes: Iterable[cst.CSTNode]) -> NameUse:
    """What statements or expressions do, seen from the function that holds them."""
    return _use(contents(nodes))


def contents_of(scope: ScopeNode) -> Contents:
    """What stands inside a scope; decorators, defaults and first iterables stand outside."""
    return _contents_of(scope)


@lru_cache(maxsize=_RECENT)
def _contents_of(scope: ScopeNode) -> Contents:
    match scope:
        case cst.FunctionDef():
            return contents([scope.body], parameters=scope.params)
        case cst.Lambda():
            return contents([scope.body], parameters=scope.params)
        case cst.ClassDef():
            return contents([scope.body])
        case cst.DictComp():
            return contents([scope.key, scope.value], loop=scope.for_in)
        case _:
            return contents([scope.elt], loop=scope.for_in)


def contents(
    nodes: Iterable[cst.CSTNode],
    *,
    parameters: cst.Parameters | None = None,
    loop: cst.CompFor | None = None,
) -> Contents:
    """What some nodes do in the scope that they stand in, beside its parameters or the targets of
    its first loop."""
    scan = Scan()
    if loop is not None:
        scan.write(loop.target)
        scan.push(*loop.ifs, loop.inner_for_in)
    if parameters is not None:
        for parameter in parameter_list(parameters):
            scan.mention(Access.WRITE, parameter.name)
    scan.run(nodes)
    return Contents(
        mentions=tuple(scan.mentions), nested=tuple(scan.nested), yields=scan.found_yield
    )


def _use(here: Contents) -> NameUse:
    reads = here.names(Access.READ)
    writes = here.names(Access.WRITE, Access.WALRUS)
    for scope in here.nested:
        inner = _from_outside(scope)
        reads |= inner.reads
        writes |= inner.writes | inner.deletes
    return NameUse(
        reads=reads,
        writes=writes,
        deletes=here.names(Access.DELETE),
        declares_global=here.names(Access.GLOBAL),
        declares_nonlocal=here.names(Access.NONLOCAL),
    )


@lru_cache(maxsize=_RECENT)
def _from_outside(scope: ScopeNode) -> NameUse:
    """What a nested scope does to the names of the function around it."""
    here = contents_of(scope)
    use = _use(here)
    if isinstance(scope, COMPREHENSIONS):
        own = here.names(Access.WRITE)
    else:
        own = here.local | here.names(Access.GLOBAL)
    # A class body may read a name of the function before it binds its own, and its names are not
    # seen by the functions in it: they hide nothing.
    hidden = frozenset[str]() if isinstance(scope, cst.ClassDef) else own
    return NameUse(
        reads=(use.reads | use.declares_nonlocal) - hidden,
        writes=use.writes - own,
        deletes=use.deletes - own,
        declares_global=frozenset(),
        declares_nonlocal=frozenset(),
    )
