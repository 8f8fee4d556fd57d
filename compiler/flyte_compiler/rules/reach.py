"""Which definitions exist together: what one file reaches by imports, and exclusive branches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol, TypeVar

from flyte_compiler.syntax.model import ModuleIndex


class Placed(Protocol):
    """A definition on some branches of its module."""

    @property
    def exclusive(self) -> tuple[str, ...]:
        """Its branches, outermost first."""


T = TypeVar("T")


def reached_together(modules: Mapping[str, ModuleIndex]) -> Iterator[Sequence[str]]:
    """For each module, the first-party modules that importing it loads, itself last.

    Only imports at the top level count: others may never run.
    """
    for name in sorted(modules):
        yield _loaded_by(name, modules)


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


def may_both_exist(one: Placed, other: Placed) -> bool:
    """Whether no statement of their module puts the two on different branches."""
    arms = dict(key.rsplit(".", 1) for key in one.exclusive)
    others = dict(key.rsplit(".", 1) for key in other.exclusive)
    return all(others.get(statement, arm) == arm for statement, arm in arms.items())
