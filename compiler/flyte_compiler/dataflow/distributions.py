"""Which distributions give which import names, and what they bring along.

Tables of well-known ones, beside what is installed where this runs. A name in neither is unknown,
and so is what an unknown distribution brings: nothing is said about those.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, packages_distributions, requires

from flyte_compiler.dataflow.well_known import BRINGS, GIVES, SAME_NAME

_REQUIREMENT = re.compile(
    r"\s*(?P<name>[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)\s*(?:\[(?P<extras>[^\]]*)\])?\s*"
    r"(?P<rest>$|[(<>=!~;,].*$)",
    re.ASCII | re.DOTALL,
)
_SHARED = frozenset({"google", "azure", "opentelemetry", "jaraco", "ruamel", "zope", "backports"})
"""Packages that many distributions put modules into: who gives one says nothing of the next."""
_FOR_EXTRA = re.compile(r"\bextra\s*==")


def normalized(name: str) -> str:
    """A distribution's name as an index compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def named_in(requirement: str) -> tuple[str, bool] | None:
    """The distribution that a requirement names, and whether it asks for extras. None for one that
    says where it comes from: a path or an address may hold anything."""
    found = _REQUIREMENT.match(requirement)
    return None if found is None else (normalized(found["name"]), bool(found["extras"]))


def providers(module: str) -> frozenset[str]:
    """The distributions that give a module, by its dotted name; none where nobody knows."""
    parts = module.split(".")
    for length in range(len(parts), 0, -1):
        name = ".".join(parts[:length])
        found = GIVES.get(name, ()) if length > 1 else _of_top(name)
        if found:
            return frozenset(map(normalized, found))
    return frozenset()


def brought_by(asked: Sequence[tuple[str, bool]]) -> frozenset[str] | None:
    """All distributions that installing some brings: themselves and what they require, whatever
    it is; None where one of them isn't known, so that it may bring anything."""
    waiting, found = [name for name, _ in asked], set[str]()
    if any(has_extras or _brings(name) is None for name, has_extras in asked):
        return None
    for name in waiting:  # grows while it is read
        if name not in found:
            found.add(name)
            waiting += _brings(name) or ()
    return frozenset(found)


def _of_top(name: str) -> Sequence[str]:
    installed = _installed().get(name, ())
    if len(set(installed)) > 1 or name in _SHARED:
        installed = ()
    same = (name,) if name in SAME_NAME else ()
    return (*GIVES.get(name, ()), *same, *installed)


@cache
def _installed() -> Mapping[str, Sequence[str]]:
    return packages_distributions()


@cache
def _brings(name: str) -> tuple[str, ...] | None:
    known = BRINGS.get(name)
    try:
        told = requires(name) or []
    except PackageNotFoundError:
        return known
    return (*(known or ()), *_required(told))


def _required(told: Sequence[str]) -> Iterator[str]:
    """On any platform; extras are for who asks."""
    for requirement in told:
        if not _FOR_EXTRA.search(requirement) and (named := named_in(requirement)):
            yield named[0]
