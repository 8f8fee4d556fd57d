"""What a dotted name means, across modules: through imports, aliases and star imports."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import libcst as cst

from flyte_compiler.callgraph.model import Definition, Environment, Kind
from flyte_compiler.syntax.imports import written_name
from flyte_compiler.syntax.model import Import, ModuleIndex
from flyte_compiler.syntax.tree import dotted, head


@dataclass(frozen=True, slots=True)
class External:
    """Something outside the program: `asyncio.gather`, `flyte.map.aio`."""

    name: str


@dataclass(frozen=True, slots=True)
class ModuleRef:
    """A module of the program itself."""

    name: str


@dataclass(frozen=True, slots=True)
class Missing:
    """A name that a module of the program lacks."""

    module: str
    name: str


@dataclass(frozen=True, slots=True)
class Unbound:
    """A name that its own module binds nowhere."""

    name: str


@dataclass(frozen=True, slots=True)
class Member:
    """A definition or an environment, and the attributes asked of it: `t` and `aio`."""

    target: Definition | Environment
    rest: tuple[str, ...]


Meaning: TypeAlias = Member | External | ModuleRef | Missing | Unbound | None
"""None: bound to something that can't be followed."""


def qualified_name(
    module: ModuleIndex, expression: cst.CSTNode, *, hidden: Container[str] = ()
) -> str | None:
    """What a name with dots means through a module's imports and aliases: `asyncio.gather`,
    `flyte.map`. None for what isn't imported, and for names that locals hide."""
    name, first = dotted(expression), head(expression)
    if name is None or first is None or first.value in hidden:
        return None
    for _ in range(len(module.aliases) + 1):
        start, _, rest = name.partition(".")
        if start not in module.aliases:
            break
        name = f"{module.aliases[start]}.{rest}" if rest else module.aliases[start]
    meaning = written_name(name, module.imports)
    if meaning is None and name.partition(".")[0] not in module.bindings:
        return f"flyte.{name}" if _stars(module.imports, "flyte") else None
    return meaning


class Names:
    """The names of one program: its modules, with the definitions and environments in each."""

    def __init__(self, modules: Mapping[str, ModuleIndex]) -> None:
        self._modules = modules
        self._members: dict[str, dict[str, Definition | Environment]] = {
            name: {} for name in modules
        }
        self._namespaces = {
            name.rpartition(".")[0] for name in modules if "." in name
        } - modules.keys()

    def add(self, member: Definition | Environment) -> None:
        """Make a member known by its own name; of two with one name, the later one holds."""
        name = (
            member.definition.variable if isinstance(member, Environment) else member.function.name
        )
        self._members[member.module][name] = member

    def member(self, module: str, parts: Sequence[str], *, prefix: str = "") -> Member | None:
        """The member that the longest part of a dotted name is, under a qualified prefix."""
        members = self._members[module]
        for length in range(len(parts), 0, -1):
            if (found := members.get(prefix + ".".join(parts[:length]))) is not None:
                return Member(found, tuple(parts[length:]))
        return None

    def meaning(self, module: str, parts: Sequence[str]) -> Meaning:
        """What a dotted name means at the top level of a module."""
        return self._in_module(module, tuple(parts), frozenset())

    def imported(self, found: Import, rest: Sequence[str]) -> Meaning:
        """What a dotted name means whose first part an import gives."""
        return self._through(found, tuple(rest), frozenset())

    def visible(self, module: str) -> tuple[str, ...]:
        """The names that a module binds, its tasks and traces first."""
        return tuple(sorted(self._modules[module].bindings, key=lambda n: self._rank(module, n)))

    def _rank(self, module: str, name: str) -> tuple[bool, str]:
        member = self._members[module].get(name)
        return not (isinstance(member, Definition) and member.kind is not Kind.HELPER), name

    def _in_module(
        self, module: str, parts: tuple[str, ...], seen: frozenset[tuple[str, str]]
    ) -> Meaning:
        if (module, parts[0]) in seen:
            return None
        seen |= {(module, parts[0])}
        index = self._modules[module]
        if (member := self.member(module, parts)) is not None:
            return member
        if (alias := index.aliases.get(parts[0])) is not None:
            return self._in_module(module, (*alias.split("."), *parts[1:]), seen)
        for found in reversed(index.imports):
            if found.local == parts[0] and found.attribute != "*" and found.top_level:
                return self._through(found, parts[1:], seen)
        if parts[0] in index.bindings:
            return None
        return self._by_star(index, parts, seen)

    def _by_star(
        self, index: ModuleIndex, parts: tuple[str, ...], seen: frozenset[tuple[str, str]]
    ) -> Meaning:
        for found in reversed(index.imports):
            if found.attribute == "*" and found.module in self._modules:
                meaning = self._in_module(found.module, parts, seen)
                if not isinstance(meaning, Unbound):
                    return meaning
        if _stars(index.imports, "flyte"):
            return External(f"flyte.{'.'.join(parts)}")
        return Unbound(parts[0])

    def _through(
        self, found: Import, rest: tuple[str, ...], seen: frozenset[tuple[str, str]]
    ) -> Meaning:
        path = found.module.split(".")
        if found.attribute is not None:
            path.append(found.attribute)
        return self._absolute((*path, *rest), seen)

    def _absolute(self, path: tuple[str, ...], seen: frozenset[tuple[str, str]]) -> Meaning:
        """What a name from the top means: packages first, then what a module binds, then its
        submodules, as Python looks them up."""
        module = path[0]
        for number, part in enumerate(path[1:], start=1):
            inner = f"{module}.{part}"
            if module in self._modules:
                if part in self._modules[module].bindings:
                    found = self._in_module(module, path[number:], seen)
                    if found is not None or inner not in self._modules:
                        return found
                elif inner not in self._modules:
                    return self._absent(module, path[number:], seen)
            elif inner not in self._modules and inner not in self._namespaces:
                return External(".".join(path))
            module = inner
        return ModuleRef(module) if module in self._modules else External(".".join(path))

    def _absent(
        self, module: str, parts: tuple[str, ...], seen: frozenset[tuple[str, str]]
    ) -> Meaning:
        """A module doesn't bind a name itself: a star import of it may."""
        meaning = self._in_module(module, parts, seen)
        if not isinstance(meaning, Unbound):
            return meaning
        index = self._modules[module]
        is_package = index.source.path.name == "__init__.py"
        return None if index.is_open or is_package else Missing(module, parts[0])


def _stars(imports: Sequence[Import], module: str) -> bool:
    return any(found.attribute == "*" and found.module == module for found in imports)
