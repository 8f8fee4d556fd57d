"""Python's scopes: which of the names that a piece of code reads it binds itself.

What is read is noted with the scope it is read in, and looked up when all is read, since a scope
may bind a name after it was read. A dotted name is one use: only the whole tells which part of an
imported module is used.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from flyte_plan.closure.facts import Import, Use

Dotted = tuple[str, ...]


@dataclass(slots=True, eq=False)
class Scope:
    """A function, class, comprehension or list of type parameters; or what is around all."""

    parent: Scope | None = None
    """Where a name is looked up that isn't here; None around all."""
    is_class: bool = False
    around: Scope | None = None
    """Of a comprehension: the scope that it stands in."""
    bound: dict[str, list[Import]] = field(default_factory=dict)
    """Names, with the imports that bind them."""
    declared_global: set[str] = field(default_factory=set)
    declared_nonlocal: set[str] = field(default_factory=set)
    read: dict[Dotted, int] = field(default_factory=dict)
    """Names that are read here, and the first line that does."""
    mentioned: dict[Dotted, int] = field(default_factory=dict)
    """Names in text that may be no code at all."""

    def visible(self) -> Scope:
        """The scope that a function in this one sees: names of a class can't be seen there."""
        scope = self
        while scope.is_class and scope.parent is not None:
            scope = scope.parent
        return scope

    def binder(self) -> Scope:
        """The scope in which `:=` binds: outside all comprehensions."""
        scope = self
        while scope.around is not None:
            scope = scope.around
        return scope

    def bind(self, name: str) -> None:
        """Note a name that isn't bound by an import alone."""
        self.bound.setdefault(name, [])


def uses(scopes: Iterable[Scope]) -> Iterator[Use]:
    """What is read in the scopes and bound in none of them, or by an import."""
    for scope in scopes:
        for name, line in scope.read.items():
            yield from _look_up(scope, name, line, is_optional=False)
        for name, line in scope.mentioned.items():
            yield from _look_up(scope, name, line, is_optional=True)


def _look_up(scope: Scope, name: Dotted, line: int, *, is_optional: bool) -> Iterator[Use]:
    first = name[0]
    while scope.parent is not None:
        if first in scope.declared_global:
            break
        imports = None if first in scope.declared_nonlocal else scope.bound.get(first)
        if imports is not None:
            for found in imports:
                attributes = (*found.attributes, *name[1:])
                yield Use(name, found.module, attributes, is_optional, line)
            if not scope.is_class:
                return
            is_optional = True  # It may be read before the class binds it.
        scope = scope.parent
    yield Use(name, None, (), is_optional, line)
