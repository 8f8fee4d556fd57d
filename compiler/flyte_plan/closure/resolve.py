"""What the names of a piece of code mean, across first-party modules.

A name that can't be followed widens its module, with the reason; it is never guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from flyte_plan.closure.builtin_names import BUILTINS, MODULE_NAMES
from flyte_plan.closure.facts import Name, Use
from flyte_plan.closure.reader import OPEN_MARK
from flyte_plan.closure.sources import WHOLE, ModuleSource, Sources

_OPEN_BUILTINS = frozenset({"globals", "exec", "eval", "__import__"})
_OPEN_MODULES = ("importlib.import_module", "importlib.reload", "pkgutil", "runpy", "sys.modules")
_HARMLESS = (BUILTINS | MODULE_NAMES) - _OPEN_BUILTINS
_OPEN_WHOLES = frozenset({"importlib", *(f"builtins.{name}" for name in _OPEN_BUILTINS)})


@dataclass(frozen=True, slots=True)
class Level:
    """The names of a function around a unit, and what they are called from outside."""

    names: Mapping[str, Name]
    prefix: str


@dataclass(slots=True)
class Frontier:
    """What is reached and not yet taken in, and what was learnt on the way."""

    pending: list[tuple[ModuleSource, str]] = field(default_factory=list)
    reasons: set[tuple[str, str]] = field(default_factory=set)
    """Modules that are taken in whole, and why."""
    wholes: set[str] = field(default_factory=set)
    """Those that were, by now."""
    external: set[str] = field(default_factory=set)
    """Top-level modules that aren't first-party."""

    def add(self, source: ModuleSource, name: str) -> None:
        """Reach one name of a module."""
        self.pending.append((source, name))

    def add_whole(self, source: ModuleSource, reason: str) -> None:
        """Reach all of a module."""
        if source.name not in self.wholes:  # Else the reason is one of what it was widened by.
            self.reasons.add((source.name, reason))
            self.pending.append((source, WHOLE))


@dataclass(slots=True)
class Resolver:
    """Finds what the names of one unit mean."""

    sources: Sources
    frontier: Frontier
    source: ModuleSource
    unit: str
    levels: tuple[Level, ...]
    line: int = 0
    """Of the use that is being followed."""
    followed: set[tuple[str, str]] = field(default_factory=set)
    """Names on the way from import to import, which may come back to where it began."""

    def meanings(self, use: Use) -> Iterator[str]:
        """The `module:name` of everything that `use` may be; nothing for a builtin."""
        self.line = use.line
        if use.module is not None:
            yield from self._in_module(use.module, use.attributes)
            return
        first, rest = use.name[0], use.name[1:]
        for level in reversed(self.levels):
            if first in level.names:
                yield from self._bound(self.source, level.names[first], level.prefix + first, rest)
                return
        providers = [*self._providers(self.source, first, set())]
        for provider, known in providers:
            yield from self._bound(provider, known, first, rest)
        if providers or first in _HARMLESS or use.is_optional:
            return
        if first.startswith(OPEN_MARK) or first in _OPEN_BUILTINS:
            self._widen(self.source, f"uses `{first}`")
        else:
            self._lost(self.source, first)

    def _bound(
        self, source: ModuleSource, known: Name, name: str, rest: tuple[str, ...]
    ) -> Iterator[str]:
        """What a bound name means: what it imports, or itself."""
        for target in known.imports:
            yield from self._in_module(target.module, (*target.attributes, *rest))
        if known.is_unit:
            self.frontier.add(source, name)
            yield f"{source.name}:{name}"

    def _in_module(self, module: str, attributes: tuple[str, ...]) -> Iterator[str]:
        """What `module.attributes…` means."""
        source = self.sources.module(module)
        if source is None:
            yield from self._elsewhere(module, attributes)
        elif source.fault is not None:
            self.frontier.add_whole(source, source.fault)
            yield source.name
        elif not attributes or attributes[0] == "__dict__":
            self._widen(source, "uses the module as a value")
            yield source.name
        else:
            yield from self._attribute(source, attributes[0], attributes[1:])

    def _attribute(self, source: ModuleSource, name: str, rest: tuple[str, ...]) -> Iterator[str]:
        step = (source.name, name)
        inner = f"{source.name}.{name}"
        is_new = step not in self.followed
        if (is_new and name in source.outline.names) or not self._is_first_party(inner):
            if is_new:
                self.followed.add(step)
                yield from self._member(source, name, rest)
                self.followed.discard(step)
        else:
            yield from self._in_module(inner, rest)

    def _member(self, source: ModuleSource, name: str, rest: tuple[str, ...]) -> Iterator[str]:
        providers = [*self._providers(source, name, set())]
        for provider, known in providers:
            yield from self._bound(provider, known, name, rest)
        if not providers and name not in MODULE_NAMES:
            self._lost(source, name)
            yield f"{source.name}:{name}"

    def _elsewhere(self, module: str, attributes: tuple[str, ...]) -> Iterator[str]:
        """A folder of ours without `__init__.py`, or a module that isn't ours: known by name."""
        if attributes and self.sources.is_folder(module):
            inner = f"{module}.{attributes[0]}"
            if self._is_first_party(inner):
                yield from self._in_module(inner, attributes[1:])
                return
        full = ".".join((module, *attributes))
        if full in _OPEN_WHOLES or any(f"{full}.".startswith(f"{name}.") for name in _OPEN_MODULES):
            self._widen(self.source, f"uses `{full}`")
        self.frontier.external.add(module.partition(".")[0])
        yield full

    def _is_first_party(self, module: str) -> bool:
        sources = self.sources
        return sources.module(module) is not None or sources.is_folder(module)

    def _providers(
        self, source: ModuleSource, name: str, seen: set[str]
    ) -> Iterator[tuple[ModuleSource, Name]]:
        """The modules that bind `name` in `source`: itself, and those of its star imports."""
        seen.add(source.name)
        outline = source.outline
        if name in outline.names:
            yield source, outline.names[name]
        for star in outline.stars:
            provider = self.sources.module(star)
            if provider is None or provider.name in seen or not _exports(provider, name):
                continue
            found = [*self._providers(provider, name, seen)]
            if found and provider.outline.exports is None and "__all__" in provider.outline.names:
                self.frontier.add(provider, "__all__")
            yield from found

    def _lost(self, source: ModuleSource, name: str) -> None:
        """A name that nothing binds: something in the module must make it."""
        stars = source.outline.stars
        cause = "a star import may hide it" if stars else "nothing there binds it"
        self._widen(source, f"uses `{name}`, and {cause}")
        for provider in filter(None, map(self.sources.module, stars)):
            if provider.fault is not None:
                self.frontier.add_whole(provider, provider.fault)

    def _widen(self, source: ModuleSource, what: str) -> None:
        place = f"`{self.source.name}` line {self.line}"
        self.frontier.add_whole(source, f"`{self.unit}` {what} ({place})")


def _exports(provider: ModuleSource, name: str) -> bool:
    """Whether a star import of `provider` may bring `name`."""
    listed = provider.outline.exports
    if listed is None:
        return not name.startswith("_") or "__all__" in provider.outline.names
    return name in listed
