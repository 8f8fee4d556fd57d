"""Source closures: from one function along every name it uses, through first-party modules.

What can't be followed (a star import that hides a name, `globals()`, a module used as a value)
is never guessed: the whole module is taken in, and the closure says why.
"""

from __future__ import annotations

import sys
from bisect import bisect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from flyte_plan.closure.facts import Name, Unit
from flyte_plan.closure.model import Closure, ClosurePart
from flyte_plan.closure.resolve import Frontier, Level, Resolver
from flyte_plan.closure.sources import WHOLE, ModuleSource, Sources
from flyte_plan.closure.units import name_of
from flyte_plan.digest import digest

Versions = Callable[[str], str | None]
"""`dist==version` of the distribution that has a top-level module; None where that isn't known."""


def closure_of(
    module: str, function: str, sources: Sources, *, versions: Versions | None = None
) -> Closure:
    """The closure of `function`, a qualified name as `__qualname__` has it, of `module`.

    Raises:
        LookupError: there is no such module, or no such function in it.
    """
    source = sources.module(module)
    if source is None:
        raise LookupError(f"no module `{module}` under the roots")
    reach = _Reach(sources)
    if source.fault is not None:
        reach.widen(source, source.fault)
    else:
        reach.start(source, function)
    sources.keep()
    return reach.closure(f"{module}:{function}", versions)


def task_functions(module: str, sources: Sources) -> tuple[str, ...]:
    """The functions of a module that are tasks, in their order; none where it can't be read.

    Those inside functions and classes are left out, and what calling a decorator makes.
    """
    source = sources.module(module)
    if source is None or source.fault is not None:
        return ()
    names = source.outline.names
    return tuple(name for name in names if names[name].is_task and source.unit(name).is_function)


@dataclass(slots=True)
class _Reach:
    """The closure as it grows: units that were taken in, units still to take in."""

    sources: Sources
    units: dict[str, bytes] = field(default_factory=dict)
    tasks: set[str] = field(default_factory=set)
    frontier: Frontier = field(default_factory=Frontier)

    def start(self, source: ModuleSource, function: str) -> None:
        """Take in the function that was asked for, and all it reaches."""
        unit = source.unit(function) if source.has(function) else None
        if unit is None or not unit.is_function:
            raise LookupError(f"no function `{function}` in the module `{source.name}`")
        self._take_unit(source, function, source.name_of(function))
        if unit.owner is not None:
            self.frontier.add(source, unit.owner)
        self._drain()

    def widen(self, source: ModuleSource, reason: str) -> None:
        """Take in a whole module."""
        self.frontier.add_whole(source, reason)
        self._drain()

    def closure(self, root: str, versions: Versions | None) -> Closure:
        """What was reached."""
        parts = tuple(
            ClosurePart(name=name, digest=self.units[name]) for name in sorted(self.units)
        )
        external = sorted(self.frontier.external - sys.stdlib_module_names - {"flyte", ""})
        known = {name: versions(name) for name in external} if versions else {}
        counted = [_encoded(f"{name}={version}") for name, version in known.items() if version]
        content = b"".join(part.digest for part in parts)
        reasons = sorted(self.frontier.reasons)
        return Closure(
            digest=digest("closure", root.encode(), content, *counted),
            parts=parts,
            tasks=tuple(sorted(self.tasks)),
            packages=tuple(_shown(name, known.get(name)) for name in external),
            widened=tuple(f"`{module}`: {reason}" for module, reason in reasons),
        )

    def _drain(self) -> None:
        frontier = self.frontier
        while frontier.pending:
            source, name = frontier.pending.pop()
            if f"{source.name}:{name}" in self.units:
                continue
            if name == WHOLE:
                self._take_whole(source)
            else:
                self._take(source, name)

    def _take_whole(self, source: ModuleSource) -> None:
        unit = f"{source.name}:{WHOLE}"
        self.frontier.wholes.add(source.name)
        if source.fault is not None:
            self.units[unit] = digest("unreadable", unit.encode(), source.content)
            return
        self.units[unit] = b""  # Reached again from inside: the module uses itself.
        self.units[unit] = self._digest(source, unit, source.unit(WHOLE), ())

    def _take(self, source: ModuleSource, name: str) -> None:
        known = source.name_of(name)
        if known.is_task:
            self.tasks.add(f"{source.name}:{name}")
        elif not known.is_known_by_name:
            self._take_unit(source, name, known)

    def _take_unit(self, source: ModuleSource, name: str, known: Name) -> None:
        unit = f"{source.name}:{name}"
        self.units[unit] = b""
        for binder in known.rebound_by:
            self.frontier.add(source, binder)
        self.units[unit] = self._digest(source, unit, source.unit(name), _levels(source, name))

    def _digest(
        self, source: ModuleSource, name: str, unit: Unit, levels: tuple[Level, ...]
    ) -> bytes:
        """Of a unit's code and what each name in it means; the meanings are reached."""
        resolver = Resolver(self.sources, self.frontier, source, name, levels)
        meanings = {
            f"{'.'.join(use.name)}={meaning}"
            for use in unit.uses
            for meaning in resolver.meanings(use)
        }
        if unit.orders:
            meanings.update(_turns(unit, source.outline.names))
        return digest("unit", name.encode(), unit.form, *map(_encoded, sorted(meanings)))


def _levels(source: ModuleSource, name: str) -> tuple[Level, ...]:
    """The functions around a nested one."""
    if "<locals>" not in name:
        return ()
    return tuple(
        Level({each: name_of(bindings) for each, bindings in level.names.items()}, level.prefix)
        for level in source.place(name).levels
    )


def _turns(unit: Unit, names: Mapping[str, Name]) -> set[str]:
    """Where each assignment of a unit stands among those of a name that has several: a constant
    made of it holds the value of that moment."""
    used = {use.name[0] for use in unit.uses}
    return {
        f"{name}@{','.join(str(bisect(names[name].orders, order)) for order in unit.orders)}"
        for name in used
        if name in names and len(names[name].orders) > 1
    }


def _shown(name: str, version: str | None) -> str:
    return name if version is None else f"{name}: {version}"


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
