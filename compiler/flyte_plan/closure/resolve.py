"""What the names of a piece of code mean, across first-party modules.

A name that can't be followed widens its module, with the reason; it is never guessed.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterator
from dataclasses import dataclass, field

from flyte_plan.closure.bindings import Argument, Binding, Imported
from flyte_plan.closure.places import Level
from flyte_plan.closure.references import LocalImport, Reference, Use
from flyte_plan.closure.sources import ModuleSource, Sources

WHOLE = "*"
"""The name that stands for all of a module."""

_BUILTINS = frozenset(dir(builtins)) | {
    # Of later Pythons, of Windows, and of `site`: the same names everywhere.
    *("PythonFinalizationError", "WindowsError"),
    *("copyright", "credits", "exit", "help", "license", "quit"),
}
_MODULE_NAMES = frozenset(
    {
        *("__name__", "__file__", "__doc__", "__package__", "__spec__", "__loader__"),
        *("__path__", "__class__", "__builtins__", "__dict__"),
    }
)
_OPEN_BUILTINS = frozenset({"globals", "exec", "eval", "__import__"})
_OPEN_MODULES = ("importlib.import_module", "importlib.reload", "runpy", "sys.modules")
_OPEN_WHOLES = frozenset({"importlib"})


@dataclass(slots=True)
class Frontier:
    """What is reached and not yet taken in, and what was learnt on the way."""

    pending: list[tuple[ModuleSource, str]] = field(default_factory=list)
    reasons: set[tuple[str, str]] = field(default_factory=set)
    """Modules that are taken in whole, and why."""
    external: set[str] = field(default_factory=set)
    """Top-level modules that aren't first-party."""

    def add(self, source: ModuleSource, name: str) -> None:
        """Reach one name of a module."""
        self.pending.append((source, name))

    def add_whole(self, source: ModuleSource, reason: str) -> None:
        """Reach all of a module."""
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
    followed: set[tuple[str, str]] = field(default_factory=set)
    """Names on the way from import to import, which may come back to where it began."""

    def meanings(self, use: Use) -> Iterator[str]:
        """The `module:name` of everything that `use` may be; nothing for a builtin."""
        if isinstance(use, LocalImport):
            yield from self._in_module(use.module, use.attributes)
            return
        first, rest = use.name[0], use.name[1:]
        for level in reversed(self.levels):
            if first in level.names:
                yield from self._bound(self.source, level.names[first], level.prefix + first, rest)
                return
        if first in self.source.names:
            yield from self._bound(self.source, self.source.names[first], first, rest)
        elif first in _OPEN_BUILTINS:
            self._widen(self.source, f"`{self.unit}` uses `{first}`")
        else:
            yield from self._unbound(use, first, rest)

    def _unbound(self, use: Reference, first: str, rest: tuple[str, ...]) -> Iterator[str]:
        provider = self._star_provider(self.source, first, set())
        if provider is not None:
            yield from self._bound(provider, provider.names[first], first, rest)
        elif first not in _BUILTINS and first not in _MODULE_NAMES and not use.optional:
            self._lost(self.source, first)

    def _bound(
        self, source: ModuleSource, bindings: tuple[Binding, ...], name: str, rest: tuple[str, ...]
    ) -> Iterator[str]:
        """What a bound name means: what it imports, or itself."""
        for binding in dict.fromkeys(bindings):  # `import a.b` and `import a.c` bind one `a`.
            if isinstance(binding, Imported):
                first = (binding.attribute,) if binding.attribute is not None else ()
                yield from self._in_module(binding.module, (*first, *rest))
        if any(not isinstance(binding, Imported | Argument) for binding in bindings):
            self.frontier.add(source, name)
            yield f"{source.name}:{name}"

    def _in_module(self, module: str, attributes: tuple[str, ...]) -> Iterator[str]:
        """What `module.attributes…` means."""
        source = self.sources.module(module)
        if source is None:
            yield from self._elsewhere(module, attributes)
        elif not attributes or source.fault is not None:
            self._widen(source, source.fault or f"`{self.unit}` uses the module as a value")
            yield source.name
        else:
            yield from self._attribute(source, attributes[0], attributes[1:])

    def _attribute(self, source: ModuleSource, name: str, rest: tuple[str, ...]) -> Iterator[str]:
        step = (source.name, name)
        if name in source.names and step not in self.followed:
            self.followed.add(step)
            yield from self._bound(source, source.names[name], name, rest)
            self.followed.discard(step)
        elif self._is_first_party(f"{source.name}.{name}"):
            yield from self._in_module(f"{source.name}.{name}", rest)
        elif (provider := self._star_provider(source, name, set())) is not None:
            yield from self._bound(provider, provider.names[name], name, rest)
        elif name not in _MODULE_NAMES:
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
            self._widen(self.source, f"`{self.unit}` uses `{full}`")
        self.frontier.external.add(module.partition(".")[0])
        yield full

    def _is_first_party(self, module: str) -> bool:
        sources = self.sources
        return sources.module(module) is not None or sources.is_folder(module)

    def _star_provider(
        self, source: ModuleSource, name: str, seen: set[str]
    ) -> ModuleSource | None:
        """The first-party module from which a star import brings `name`."""
        seen.add(source.name)
        for star in source.stars:
            provider = self.sources.module(star)
            if provider is None or provider.name in seen:
                continue
            if name in provider.names:
                return provider
            deeper = self._star_provider(provider, name, seen)
            if deeper is not None:
                return deeper
        return None

    def _lost(self, source: ModuleSource, name: str) -> None:
        """A name that nothing binds: something in the module must make it."""
        cause = "a star import may hide it" if source.stars else "nothing there binds it"
        self._widen(source, f"`{self.unit}` uses `{name}`, and {cause}")

    def _widen(self, source: ModuleSource, reason: str) -> None:
        self.frontier.add_whole(source, reason)
