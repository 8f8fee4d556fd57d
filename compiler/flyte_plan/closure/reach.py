"""Source closures: from one function along every name it uses, through first-party modules.

What can't be followed (a star import that hides a name, `globals()`, a module used as a value)
is never guessed: the whole module is taken in, and the closure says why.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from flyte_plan.closure.bindings import Defined, Rebound
from flyte_plan.closure.form import normal_form
from flyte_plan.closure.model import Closure
from flyte_plan.closure.own import Function, is_known_by_name, is_task
from flyte_plan.closure.places import Level, Place, find, is_static
from flyte_plan.closure.references import LocalImport, Use, uses
from flyte_plan.closure.resolve import WHOLE, Frontier, Resolver
from flyte_plan.closure.sources import ModuleSource, Sources
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
    return reach.closure(f"{module}:{function}", versions)


@dataclass(slots=True)
class _Reach:
    """The closure as it grows: units that were taken in, units still to take in."""

    sources: Sources
    units: dict[str, bytes] = field(default_factory=dict)
    tasks: set[str] = field(default_factory=set)
    frontier: Frontier = field(default_factory=Frontier)

    def start(self, source: ModuleSource, function: str) -> None:
        """Take in the function that was asked for, and all it reaches."""
        place = find(source, function)
        nodes = [
            binding.node
            for binding in place.bindings
            if isinstance(binding, Defined) and isinstance(binding.node, Function)
        ]
        if not nodes:
            raise LookupError(f"no function `{function}` in the module `{source.name}`")
        self._take(source, function, place, root=True)
        if place.owner is not None and not all(map(is_static, nodes)):
            self.frontier.add(source, place.owner)
        self._drain()

    def widen(self, source: ModuleSource, reason: str) -> None:
        """Take in a whole module."""
        self.frontier.add_whole(source, reason)
        self._drain()

    def closure(self, root: str, versions: Versions | None) -> Closure:
        """What was reached."""
        content = b"".join(self.units[unit] for unit in sorted(self.units))
        external = sorted(self.frontier.external) if versions else ()
        packages = [f"{name}={(versions and versions(name)) or ''}" for name in external]
        reasons = sorted(self.frontier.reasons)
        return Closure(
            digest=digest("closure", root.encode(), content, *map(_encoded, packages)),
            reaches=tuple(sorted(self.units)),
            tasks=tuple(sorted(self.tasks)),
            widened=tuple(f"`{module}`: {reason}" for module, reason in reasons),
        )

    def _drain(self) -> None:
        while self.frontier.pending:
            source, name = self.frontier.pending.pop()
            if f"{source.name}:{name}" in self.units:
                continue
            if name == WHOLE:
                self._take_whole(source)
            else:
                self._take(source, name, find(source, name), root=False)

    def _take_whole(self, source: ModuleSource) -> None:
        unit = f"{source.name}:{WHOLE}"
        if source.fault is not None:
            self.units[unit] = digest("unreadable", unit.encode(), source.content)
            return
        self.units[unit] = b""  # Reached again from inside: the module uses itself.
        found = uses([source.tree], source.package, source.is_own)
        targets = self._targets(source, unit, (), found)
        form = normal_form(source.tree, source.is_own)
        self.units[unit] = digest("unit", unit.encode(), form, *targets)

    def _take(self, source: ModuleSource, name: str, place: Place, *, root: bool) -> None:
        unit = f"{source.name}:{name}"
        nodes = place.nodes
        if not root and any(map(is_known_by_name, nodes)):
            if any(map(is_task, nodes)):
                self.tasks.add(unit)
            return
        self.units[unit] = b""
        form, found = _content(source, name, place, root=root)
        for binding in place.bindings:
            if isinstance(binding, Rebound):
                self.frontier.add(source, binding.name)
        targets = self._targets(source, unit, place.levels, found)
        self.units[unit] = digest("unit", unit.encode(), form, *targets)

    def _targets(
        self,
        source: ModuleSource,
        unit: str,
        levels: tuple[Level, ...],
        found: frozenset[Use],
    ) -> list[bytes]:
        """What each name in a unit means, as fields of its digest; the meanings are reached."""
        resolver = Resolver(self.sources, self.frontier, source, unit, levels)
        meanings = {
            f"{use.local if isinstance(use, LocalImport) else '.'.join(use.name)}={meaning}"
            for use in found
            for meaning in resolver.meanings(use)
        }
        return [_encoded(meaning) for meaning in sorted(meanings)]


def _content(
    source: ModuleSource, name: str, place: Place, *, root: bool
) -> tuple[bytes, frozenset[Use]]:
    """The digest of a unit's normal form, and what it uses; kept for the module's other tasks."""
    known = source.contents.get((name, root))
    if known is not None:
        return known
    forms: list[bytes] = []
    found: frozenset[Use] = frozenset()
    for node in (*place.nodes, *place.headers):
        whole = node if root else None
        forms.append(normal_form(node, source.is_own, root=whole))
        found |= uses([node], source.package, source.is_own, root=whole)
    content = source.contents[name, root] = digest("forms", *forms), found
    return content


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
