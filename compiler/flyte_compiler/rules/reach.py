"""Which definitions exist together: what one file reaches by imports, and exclusive branches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from flyte_compiler.source.span import Span
from flyte_compiler.syntax.model import ModuleIndex


@dataclass(frozen=True, slots=True)
class Site:
    """Where a definition stands, and on which branches of its module."""

    module: str
    span: Span
    exclusive: tuple[str, ...]
    """Its branches, outermost first."""


T = TypeVar("T")


def reached_together(modules: Mapping[str, ModuleIndex]) -> Iterator[Sequence[str]]:
    """The first-party modules that importing one module loads, itself last; for each module that
    no other one of these holds.

    Only imports at the top level count: others may never run.
    """
    imported = {each for index in modules.values() for each in _loads(index, modules)}
    covered: set[str] = set()
    for name in sorted(modules, key=lambda name: (name in imported, name)):
        if name not in covered:
            loaded = _loaded_by(name, modules)
            covered.update(loaded)
            yield loaded


def clashes(
    definitions: Iterable[T],
    modules: Mapping[str, ModuleIndex],
    *,
    key: Callable[[T], Hashable],
    site: Callable[[T], Site],
) -> Iterator[tuple[T, T]]:
    """Pairs of definitions with one key that exist together: the first, and each later one that
    takes its place, once."""
    suspects = _repeated(definitions, key)
    reported: set[int] = set()
    for loaded in reached_together(modules):
        order = {module: place for place, module in enumerate(loaded)}
        here = [each for each in suspects if site(each).module in order]
        here.sort(key=lambda each: (order[site(each).module], site(each).span))
        for place, later in enumerate(here):
            rivals = (each for each in here[:place] if key(each) == key(later))
            earlier = next((each for each in rivals if _coexist(site(each), site(later))), None)
            if earlier is not None and id(later) not in reported:
                reported.add(id(later))
                yield earlier, later


def _repeated(definitions: Iterable[T], key: Callable[[T], Hashable]) -> Sequence[T]:
    found = list(definitions)
    times = Counter(map(key, found))
    return [each for each in found if times[key(each)] > 1]


def _loaded_by(name: str, modules: Mapping[str, ModuleIndex]) -> Sequence[str]:
    """In the order in which Python would finish them."""
    done: dict[str, None] = {}
    path = [(name, iter(_loads(modules[name], modules)))]
    started = {name}
    while path:
        module, pending = path[-1]
        following = next((each for each in pending if each not in started), None)
        if following is None:
            done[module] = None
            path.pop()
        else:
            started.add(following)
            path.append((following, iter(_loads(modules[following], modules))))
    return tuple(done)


def _loads(index: ModuleIndex, modules: Mapping[str, ModuleIndex]) -> Iterable[str]:
    for each in index.imports:
        if not each.top_level:
            continue
        if each.loads in modules:
            yield each.loads
        submodule = f"{each.module}.{each.attribute}"
        if submodule in modules:
            yield submodule


def _coexist(one: Site, other: Site) -> bool:
    """Whether no statement of their module puts the two on different branches."""
    if one.module != other.module:
        return True
    arms = dict(key.rsplit(".", 1) for key in one.exclusive)
    others = dict(key.rsplit(".", 1) for key in other.exclusive)
    return all(others.get(statement, arm) == arm for statement, arm in arms.items())
